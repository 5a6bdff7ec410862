-- Fills the schema as2 of a gateway with messages as a busy one holds after a year; :from and :to are the numbers of this batch's messages.
-- A message has its receipt and two lines of history: what is left of it after retention, without contents.
SET synchronous_commit = off;
SET search_path = as2, public;
SELECT rpad(lpad(to_hex(1760000000000 + :from::bigint * 2000), 12, '0'), 32, '0') AS first, rpad(lpad(to_hex(1760000000000 + :to::bigint * 2000), 12, '0'), 32, 'f') AS last \gset
SET session_replication_role = replica; -- no triggers and references: usage is added at the end
INSERT INTO message (id, direction, local, partner, key, message_id, state, created, changed, mics, disposition, security, attempts, file_name, length, purged)
SELECT (lpad(to_hex(1760000000000 + i * 2000), 12, '0') || '7' || lpad(to_hex(i % 4096), 3, '0') || md5(i::text)::varchar(16))::uuid,
    CASE i % 2 WHEN 0 THEN 'Outbound' ELSE 'Inbound' END, 'STATION-' || i % 20, 'PARTNER-' || i % 400,
    md5((i + 7)::text) || '-' || i || '@partner' || i % 400 || '.example', '<' || md5((i + 7)::text) || '-' || i || '@partner' || i % 400 || '.example>',
    CASE WHEN i % 1000 = 0 THEN 'Expired' WHEN i % 2 = 0 THEN 'Acknowledged' ELSE 'Delivered' END, 1760000000000 + i * 2000, 1760000000000 + i * 2000 + 900,
    md5(i::text) || ', sha-256', 'automatic-action/MDN-sent-automatically; processed', 'signed sha-256, encrypted aes256-cbc', 1,
    CASE i % 3 WHEN 0 THEN 'INVOIC_' ELSE 'ORDERS_' END || i || '.edi', 5000, true
FROM generate_series(:from::bigint, :to::bigint) AS i;
INSERT INTO message_text SELECT id, key || E'\n' || file_name FROM message WHERE id BETWEEN :'first'::uuid AND :'last'::uuid;
INSERT INTO part (message, role, ordinal, content_type, length, sha256)
SELECT id, role, 0, 'application/edifact', length, md5(role || key) || md5(key) FROM message CROSS JOIN unnest(ARRAY['receipt']) AS role
WHERE id BETWEEN :'first'::uuid AND :'last'::uuid;
INSERT INTO event (sequence, message, at, kind, text)
SELECT ((created - 1760000000000) / 2000) * 4 + line, id, created + line, 'received', '5000 bytes, signed and encrypted' FROM message CROSS JOIN generate_series(0, 1) AS line
WHERE id BETWEEN :'first'::uuid AND :'last'::uuid;
