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
            ToVersion1(session);
        if (found < 2)
            ToVersion2(session);
        if (found < 3)
            ToVersion3(session);
        if (found < 4)
            ToVersion4(session);
        if (found < 5)
            ToVersion5(session);
    }

    private static void ToVersion1(SqlSession session)
    {
        session.Execute("BEGIN IMMEDIATE");
        session.Execute(SchemaVersion1.Messages);
        session.Execute(SchemaVersion1.Work);
        session.Execute("PRAGMA application_id = 0x41533253; PRAGMA user_version = 1");
        CrashPoint.Hit("migration");
        session.Execute("COMMIT");
    }

    private static void ToVersion2(SqlSession session)
    {
        session.Execute("BEGIN IMMEDIATE");
        session.Execute(SchemaVersion2.Changes);
        session.Execute("PRAGMA user_version = 2");
        CrashPoint.Hit("migration");
        session.Execute("COMMIT");
    }

    private static void ToVersion3(SqlSession session)
    {
        session.Execute("BEGIN IMMEDIATE");
        session.Execute(SchemaVersion3.Changes);
        session.Execute("PRAGMA user_version = 3");
        CrashPoint.Hit("migration");
        session.Execute("COMMIT");
    }

    // The trace that a message came in: what is done later joins it.
    private static void ToVersion4(SqlSession session)
    {
        session.Execute("BEGIN IMMEDIATE");
        session.Execute("ALTER TABLE message ADD COLUMN trace TEXT");
        session.Execute("PRAGMA user_version = 4");
        CrashPoint.Hit("migration");
        session.Execute("COMMIT");
    }

    private static void ToVersion5(SqlSession session)
    {
        session.Execute("BEGIN IMMEDIATE");
        session.Execute(SchemaVersion5.Changes);
        session.Execute("PRAGMA user_version = 5");
        CrashPoint.Hit("migration");
        session.Execute("COMMIT");
    }
}
