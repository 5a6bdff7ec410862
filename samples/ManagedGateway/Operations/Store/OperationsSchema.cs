using As2;

namespace ManagedGateway.Operations.Store;

/// <summary>The tables, and the way from every older version to the newest. A version that was released is never edited.</summary>
internal static class OperationsSchema
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

    /// <summary>Brings the database to the newest version.</summary>
    /// <exception cref="As2Exception">GW-OPERATIONS-001: it is another program's, or a newer one's.</exception>
    public static void Migrate(OperationsSession session, string path)
    {
        var found = session.One("PRAGMA user_version", row => row.GetInt32(0));
        var owner = session.One("PRAGMA application_id", row => row.GetInt32(0));
        if (found > 1 || (owner != ApplicationId && (owner != 0 || found != 0)))
            throw new As2Exception("GW-OPERATIONS-001", $"'{path}' belongs to another or a newer program (schema {found}). Run the newer gateway again, or restore a backup.");
        if (found < 1)
            Step(session, Version1);
    }

    private static void Step(OperationsSession session, [System.Diagnostics.CodeAnalysis.ConstantExpected] string changes)
    {
        session.Execute("BEGIN IMMEDIATE");
        session.Execute(changes);
        session.Execute("COMMIT");
    }
}
