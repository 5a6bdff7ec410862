namespace As2.Storage.Sqlite;

/// <summary>The first schema. Times are milliseconds since 1970; states and kinds are their names.</summary>
internal static class SchemaVersion1
{
    public const string Messages =
        """
        CREATE TABLE message (
            number      INTEGER PRIMARY KEY,
            id          TEXT    NOT NULL UNIQUE,
            direction   TEXT    NOT NULL,
            local       TEXT    NOT NULL,
            partner     TEXT    NOT NULL,
            key         TEXT    NOT NULL,
            message_id  TEXT    NOT NULL,
            state       TEXT    NOT NULL,
            created     INTEGER NOT NULL,
            changed     INTEGER NOT NULL,
            mics        TEXT    NOT NULL,
            disposition TEXT,
            receipt_url TEXT,
            security    TEXT    NOT NULL,
            diagnosis   TEXT,
            account     TEXT,
            attempts    INTEGER NOT NULL,
            file_name   TEXT,
            length      INTEGER NOT NULL,
            purged      INTEGER NOT NULL DEFAULT 0
        ) STRICT;
        CREATE UNIQUE INDEX message_key ON message (key, partner, local, direction) WHERE state <> 'Refused';
        CREATE INDEX message_partner ON message (partner, id);
        CREATE INDEX message_state ON message (state, id);
        CREATE INDEX message_purge ON message (purged, created);

        -- Octets, inline or as the name of a blob; neither once purged.
        CREATE TABLE content (
            number INTEGER PRIMARY KEY,
            length INTEGER NOT NULL,
            sha256 TEXT    NOT NULL,
            inline BLOB,
            blob   TEXT
        ) STRICT;
        CREATE UNIQUE INDEX content_blob ON content (blob) WHERE blob IS NOT NULL;

        -- What a message is made of: its payloads, the wire message, the receipt.
        CREATE TABLE part (
            message      INTEGER NOT NULL REFERENCES message (number),
            role         TEXT    NOT NULL,
            ordinal      INTEGER NOT NULL,
            content      INTEGER NOT NULL REFERENCES content (number),
            headers      TEXT,
            content_type TEXT,
            file_name    TEXT,
            PRIMARY KEY (message, role, ordinal)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX part_content ON part (content);

        CREATE TABLE event (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT,
            message  TEXT    NOT NULL,
            at       INTEGER NOT NULL,
            kind     TEXT    NOT NULL,
            text     TEXT    NOT NULL
        ) STRICT;
        CREATE INDEX event_message ON event (message);
        """;

    public const string Work =
        """
        -- A leased job is due again when its lease ends. Numbers are never used twice: a fence is only good for its own job.
        CREATE TABLE job (
            number  INTEGER PRIMARY KEY AUTOINCREMENT,
            message INTEGER NOT NULL REFERENCES message (number),
            kind    TEXT    NOT NULL,
            route   TEXT,
            note    TEXT,
            since   INTEGER NOT NULL,
            due     INTEGER NOT NULL,
            leased  INTEGER NOT NULL,
            fence   INTEGER NOT NULL,
            attempt INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX job_due ON job (kind, due);
        CREATE INDEX job_message ON job (message, kind);

        CREATE TABLE mailbox (
            account  TEXT    NOT NULL,
            folder   TEXT    NOT NULL,
            name     TEXT    NOT NULL,
            content  INTEGER NOT NULL REFERENCES content (number),
            modified INTEGER NOT NULL,
            message  TEXT,
            PRIMARY KEY (account, folder, name)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX mailbox_content ON mailbox (content);
        CREATE INDEX mailbox_message ON mailbox (message) WHERE message IS NOT NULL;

        -- Blobs that no row names any more and whose files are still to be removed.
        CREATE TABLE garbage (
            blob  TEXT    PRIMARY KEY,
            since INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        """;
}
