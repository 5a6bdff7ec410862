namespace As2.Storage.PostgreSql;

/// <summary>The first schema. Times are milliseconds since 1970 by the database's clock; states and kinds are their names.</summary>
internal static class SchemaVersion1
{
    public const string Functions =
        """
        CREATE FUNCTION now_ms() RETURNS bigint LANGUAGE sql STABLE AS 'SELECT (extract(epoch FROM statement_timestamp()) * 1000)::bigint';

        -- Ends the transaction with this condition unless it is so.
        CREATE FUNCTION must(so boolean, condition text) RETURNS void LANGUAGE plpgsql AS $$
        BEGIN
            IF so IS NOT TRUE THEN
                RAISE EXCEPTION 'as2: a step that came too late' USING ERRCODE = condition;
            END IF;
        END $$;
        """;

    public const string Messages =
        """
        CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public;

        CREATE TABLE message (
            id          uuid    PRIMARY KEY,
            direction   text    NOT NULL,
            local       text    NOT NULL COLLATE "C",
            partner     text    NOT NULL COLLATE "C",
            key         text    NOT NULL COLLATE "C",
            message_id  text    NOT NULL,
            state       text    NOT NULL COLLATE "C",
            created     bigint  NOT NULL,
            changed     bigint  NOT NULL,
            mics        text    NOT NULL,
            disposition text,
            receipt_url text,
            security    text    NOT NULL,
            diagnosis   text,
            account     text,
            attempts    integer NOT NULL,
            resubmission_of text,
            trace       text,
            file_name   text,
            length      bigint  NOT NULL,
            purged      boolean NOT NULL DEFAULT false
        ) WITH (fillfactor = 85);
        CREATE UNIQUE INDEX message_key ON message (key, partner, local, direction) WHERE state <> 'Refused';
        CREATE INDEX message_partner ON message (partner, id);
        CREATE INDEX message_local ON message (local, id);
        CREATE INDEX message_state ON message (state, id) WHERE state NOT IN ('Delivered', 'Acknowledged');
        CREATE INDEX message_purge ON message (created) WHERE NOT purged;

        -- What is searched for, in a row that never changes: its index would cost every step of the message.
        CREATE TABLE message_text (
            message uuid PRIMARY KEY,
            text    text NOT NULL
        );
        CREATE INDEX message_text_trigrams ON message_text USING gin (text gin_trgm_ops);

        -- What a message is made of. Octets are inline, or the name of a blob; neither once purged.
        CREATE TABLE part (
            message      uuid    NOT NULL,
            role         text    NOT NULL,
            ordinal      integer NOT NULL,
            headers      text,
            content_type text,
            file_name    text,
            length       bigint  NOT NULL,
            sha256       text    NOT NULL,
            inline       bytea,
            blob         text    COLLATE "C",
            PRIMARY KEY (message, role, ordinal)
        );
        -- Payloads are compressed or encrypted already, or small.
        ALTER TABLE part ALTER COLUMN inline SET STORAGE EXTERNAL;
        CREATE INDEX part_blob ON part (blob) WHERE blob IS NOT NULL;

        -- A sequence is the transaction's number and the line's: it rises in the order in which transactions began to write, and below the
        -- oldest that still runs nothing is added any more. The base rises when a copy of the data meets a server that counts from lower.
        CREATE TABLE event_base (base bigint NOT NULL);
        INSERT INTO event_base VALUES (0);
        CREATE TABLE event (
            sequence bigint PRIMARY KEY,
            message  uuid   NOT NULL,
            at       bigint NOT NULL,
            kind     text   NOT NULL,
            text     text   NOT NULL
        );
        CREATE INDEX event_message ON event (message);
        CREATE INDEX event_alert ON event (sequence) WHERE kind = 'alert';
        """;

    public const string Work =
        """
        -- A lease is a due time in the future; the fence rises whenever a job changes hands.
        CREATE TABLE job (
            number  bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            message uuid    NOT NULL REFERENCES message (id),
            kind    text    NOT NULL COLLATE "C",
            lane    text    NOT NULL COLLATE "C",
            route   text,
            note    text,
            due     bigint  NOT NULL,
            fence   bigint  NOT NULL,
            attempt integer NOT NULL
        ) WITH (fillfactor = 60, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
        CREATE INDEX job_due ON job (kind, due, number);
        CREATE INDEX job_message ON job (message, kind);
        CREATE INDEX job_lane ON job (kind, lane, number);

        CREATE TABLE mailbox (
            account  text   NOT NULL COLLATE "C",
            folder   text   NOT NULL COLLATE "C",
            name     text   NOT NULL COLLATE "C",
            modified bigint NOT NULL,
            message  uuid,
            length   bigint NOT NULL,
            sha256   text   NOT NULL,
            inline   bytea,
            blob     text   COLLATE "C",
            PRIMARY KEY (account, folder, name)
        );
        ALTER TABLE mailbox ALTER COLUMN inline SET STORAGE EXTERNAL;
        CREATE INDEX mailbox_blob ON mailbox (blob) WHERE blob IS NOT NULL;
        CREATE INDEX mailbox_message ON mailbox (message) WHERE message IS NOT NULL;

        -- Blobs that lost a row that named them. Whether it was the last is looked at when their time has come.
        CREATE TABLE garbage (
            blob  text   PRIMARY KEY COLLATE "C",
            since bigint NOT NULL
        );

        CREATE TABLE exchange (
            id      text    NOT NULL COLLATE "C",
            version integer NOT NULL,
            body    text    NOT NULL,
            PRIMARY KEY (id, version)
        );
        """;

    // One row for every so many connections: commits of the same station do not wait for one another.
    public const string Usage =
        """
        CREATE TABLE usage_day (
            local    text    NOT NULL COLLATE "C",
            day      bigint  NOT NULL,
            slot     integer NOT NULL,
            messages bigint  NOT NULL,
            PRIMARY KEY (local, day, slot)
        ) WITH (fillfactor = 50);
        CREATE TABLE usage_kept (
            local text    NOT NULL COLLATE "C",
            slot  integer NOT NULL,
            bytes bigint  NOT NULL,
            PRIMARY KEY (local, slot)
        ) WITH (fillfactor = 50);
        CREATE FUNCTION usage_change() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
            slot constant integer := pg_backend_pid() % 64;
        BEGIN
            IF TG_OP = 'INSERT' THEN
                IF NEW.state <> 'Refused' THEN
                    INSERT INTO usage_day AS u VALUES (NEW.local, NEW.created / 86400000, slot, 1)
                        ON CONFLICT ON CONSTRAINT usage_day_pkey DO UPDATE SET messages = u.messages + 1;
                END IF;
                INSERT INTO usage_kept AS u VALUES (NEW.local, slot, NEW.length)
                    ON CONFLICT ON CONSTRAINT usage_kept_pkey DO UPDATE SET bytes = u.bytes + excluded.bytes;
            ELSE
                INSERT INTO usage_kept AS u VALUES (OLD.local, slot, -OLD.length)
                    ON CONFLICT ON CONSTRAINT usage_kept_pkey DO UPDATE SET bytes = u.bytes + excluded.bytes;
            END IF;
            RETURN NULL;
        END $$;
        CREATE TRIGGER usage_come AFTER INSERT ON message FOR EACH ROW EXECUTE FUNCTION usage_change();
        CREATE TRIGGER usage_purged AFTER UPDATE OF purged ON message FOR EACH ROW WHEN (NOT OLD.purged AND NEW.purged) EXECUTE FUNCTION usage_change();
        CREATE TRIGGER usage_gone AFTER DELETE ON message FOR EACH ROW WHEN (NOT OLD.purged) EXECUTE FUNCTION usage_change();
        """;
}
