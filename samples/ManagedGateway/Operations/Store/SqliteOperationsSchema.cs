using As2;

namespace ManagedGateway.Operations.Store;

/// <summary>The tables, and the way from every older version to the newest. A version that was released is never edited.</summary>
internal static class SqliteOperationsSchema
{
    // 'AS2O': a database of another program is refused before anything is written to it.
    private const int ApplicationId = 0x4153324F;

    private const string Version1 =
        """
        CREATE TABLE user (
            number       INTEGER PRIMARY KEY AUTOINCREMENT,
            name         TEXT    NOT NULL UNIQUE COLLATE NOCASE,
            password     TEXT    NOT NULL,
            role         TEXT    NOT NULL,
            organisation TEXT,
            created      INTEGER NOT NULL,
            disabled     INTEGER NOT NULL DEFAULT 0,
            failures     INTEGER NOT NULL DEFAULT 0,
            locked_until INTEGER NOT NULL DEFAULT 0
        ) STRICT;

        -- Only hashes: who reads this file cannot sign in with it.
        CREATE TABLE session (
            hash    TEXT    PRIMARY KEY,
            user    INTEGER NOT NULL REFERENCES user (number),
            seen    INTEGER NOT NULL,
            expires INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX session_user ON session (user);

        CREATE TABLE token (
            number       INTEGER PRIMARY KEY AUTOINCREMENT,
            hash         TEXT    NOT NULL UNIQUE,
            user         INTEGER NOT NULL REFERENCES user (number),
            name         TEXT    NOT NULL,
            role         TEXT    NOT NULL,
            organisation TEXT,
            created      INTEGER NOT NULL,
            expires      INTEGER NOT NULL,
            used         INTEGER
        ) STRICT;

        CREATE TABLE audit (
            sequence INTEGER PRIMARY KEY,
            at       INTEGER NOT NULL,
            actor    TEXT    NOT NULL,
            action   TEXT    NOT NULL,
            subject  TEXT    NOT NULL,
            detail   TEXT    NOT NULL,
            hash     BLOB    NOT NULL
        ) STRICT;
        CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END;
        CREATE TRIGGER audit_is_not_removed BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END;

        PRAGMA application_id = 0x4153324F;
        PRAGMA user_version = 1;
        """;

    private const string Version2 =
        """
        -- What console and API saved, each entry as the JSON of gateway.json with its secrets sealed.
        CREATE TABLE managed (
            kind TEXT NOT NULL,
            key  TEXT NOT NULL,
            body TEXT NOT NULL,
            PRIMARY KEY (kind, key)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE managed_version (version INTEGER NOT NULL) STRICT;
        INSERT INTO managed_version VALUES (0);

        PRAGMA user_version = 2;
        """;

    private const string Version3 =
        """
        -- What a person must look at. A key stands for what it is about: of each key one line at most is open.
        CREATE TABLE alert (
            number       INTEGER PRIMARY KEY AUTOINCREMENT,
            key          TEXT    NOT NULL,
            kind         TEXT    NOT NULL,
            level        INTEGER NOT NULL,
            organisation TEXT,
            subject      TEXT    NOT NULL,
            text         TEXT    NOT NULL,
            raised       INTEGER NOT NULL,
            resolved     INTEGER
        ) STRICT;
        CREATE UNIQUE INDEX alert_open ON alert (key) WHERE resolved IS NULL;

        -- What is to be told, until it was told or given up.
        CREATE TABLE outbox (
            number   INTEGER PRIMARY KEY AUTOINCREMENT,
            channel  TEXT    NOT NULL,
            subject  TEXT    NOT NULL,
            body     TEXT    NOT NULL,
            made     INTEGER NOT NULL,
            due      INTEGER NOT NULL,
            attempts INTEGER NOT NULL DEFAULT 0,
            failure  TEXT
        ) STRICT;
        CREATE INDEX outbox_due ON outbox (channel, number);

        -- How far a feed has read, and which state of a message was told last.
        CREATE TABLE feed (name TEXT PRIMARY KEY, sequence INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE told (message TEXT PRIMARY KEY, state TEXT NOT NULL, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE INDEX told_at ON told (at);

        -- The pages that a partner may see without an account. Only hashes of the words in their addresses.
        CREATE TABLE onboarding (
            hash    TEXT    PRIMARY KEY,
            local   TEXT    NOT NULL,
            partner TEXT    NOT NULL,
            address TEXT    NOT NULL,
            maker   TEXT    NOT NULL,
            made    INTEGER NOT NULL,
            expires INTEGER NOT NULL,
            seen    INTEGER
        ) STRICT, WITHOUT ROWID;

        -- When an FTP account signed in last.
        CREATE TABLE account_use (account TEXT PRIMARY KEY, signed_in INTEGER NOT NULL) STRICT, WITHOUT ROWID;

        PRAGMA user_version = 3;
        """;

    private const string Version4 =
        """
        -- The ways in while there is no administrator. Only hashes of the words in their links.
        CREATE TABLE setup (hash TEXT PRIMARY KEY, expires INTEGER NOT NULL) STRICT, WITHOUT ROWID;

        -- Until when the TLS certificates of the partners' servers are good.
        CREATE TABLE server_certificate (server TEXT PRIMARY KEY, ends INTEGER NOT NULL) STRICT, WITHOUT ROWID;

        -- Who does what one node at a time does. The fence rises whenever a turn changes hands.
        CREATE TABLE turn (name TEXT PRIMARY KEY, until INTEGER NOT NULL, fence INTEGER NOT NULL) STRICT, WITHOUT ROWID;

        PRAGMA user_version = 4;
        """;

    private const string Version5 =
        """
        -- When an FTP account was used last; 0: never.
        ALTER TABLE account_use ADD COLUMN picked_up INTEGER NOT NULL DEFAULT 0;

        -- The ways to a first or a new password that somebody was given. Only hashes of the words in their links.
        CREATE TABLE invitation (
            hash    TEXT    PRIMARY KEY,
            user    INTEGER NOT NULL REFERENCES user (number),
            expires INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        PRAGMA user_version = 5;
        """;

    /// <summary>Brings the database to the newest version.</summary>
    /// <exception cref="As2Exception">GW-OPERATIONS-001: it is another program's, or a newer one's.</exception>
    public static void Migrate(OperationsSession session, string path)
    {
        var found = session.One("PRAGMA user_version", row => row.GetInt32(0));
        var owner = session.One("PRAGMA application_id", row => row.GetInt32(0));
        if (found > 5 || (owner != ApplicationId && (owner != 0 || found != 0)))
            throw new As2Exception("GW-OPERATIONS-001", $"'{path}' belongs to another or a newer program (schema {found}). Run the newer gateway again, or restore a backup.");
        if (found < 1)
            Step(session, Version1);
        if (found < 2)
            Step(session, Version2);
        if (found < 3)
            Step(session, Version3);
        if (found < 4)
            Step(session, Version4);
        if (found < 5)
            Step(session, Version5);
    }

    private static void Step(OperationsSession session, [System.Diagnostics.CodeAnalysis.ConstantExpected] string changes)
    {
        session.Execute("BEGIN IMMEDIATE");
        session.Execute(changes);
        session.Execute("COMMIT");
    }
}
