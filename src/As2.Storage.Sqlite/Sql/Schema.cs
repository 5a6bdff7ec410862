using System.Diagnostics.CodeAnalysis;

namespace As2.Storage.Sqlite;

/// <summary>The tables, and the way from every older version to the newest. A version that was released is never edited.</summary>
internal static class Schema
{
    /// <summary>The version that this program writes.</summary>
    public const int Version = 5;

    // 'AS2S': a database of another program is refused before anything is written to it.
    public const int ApplicationId = 0x41533253;

    /// <summary>Brings the database to <see cref="Version"/>, each step in a transaction of its own.</summary>
    /// <exception cref="As2Exception">AS2-STORE-003 or -004: not our database, or one of a newer program.</exception>
    public static void Migrate(SqlSession session, string path)
    {
        var found = session.One("PRAGMA user_version", row => row.GetInt32(0));
        if (found > Version)
            throw new As2Exception(StoreFault.NewerSchema, $"The database '{path}' has schema {found}; this program knows {Version}. Run the newer program again, or restore a backup.");
        var owner = session.One("PRAGMA application_id", row => row.GetInt32(0));
        if (owner != ApplicationId && (owner != 0 || found != 0))
            throw SqliteFault.Damaged(path, "it belongs to another program.");
        if (found < 1)
            Step(session, SchemaVersion1.Messages + SchemaVersion1.Work + "PRAGMA application_id = 0x41533253; PRAGMA user_version = 1");
        if (found < 2)
            Step(session, SchemaVersion2.Changes + "PRAGMA user_version = 2");
        if (found < 3)
            Step(session, SchemaVersion3.Changes + "PRAGMA user_version = 3");
        // The trace that a message came in: what is done later joins it.
        if (found < 4)
            Step(session, "ALTER TABLE message ADD COLUMN trace TEXT; PRAGMA user_version = 4");
        if (found < 5)
            Step(session, SchemaVersion5.Changes + "PRAGMA user_version = 5");
    }

    private static void Step(SqlSession session, [ConstantExpected] string changes)
    {
        session.Execute("BEGIN IMMEDIATE");
        session.Run(changes);
        CrashPoint.Hit("migration");
        session.Execute("COMMIT");
    }
}
