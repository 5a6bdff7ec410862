namespace As2.Storage.Sqlite;

/// <summary>Keeps the index of Message-IDs and file names: full but for the last rows, at most <see cref="Block"/>.</summary>
internal static class TextIndex
{
    /// <summary>The shortest text that the index finds.</summary>
    public const int Least = 3;

    private const int Block = 256;

    /// <summary>A row came; every so many go into the index together.</summary>
    public static void Added(SqlSession session, long number)
    {
        var upTo = UpTo(session);
        // A number comes a second time when the newest rows were purged.
        if (number > upTo && number - upTo < Block)
            return;
        session.Execute(
            "INSERT INTO message_text (rowid, key, file_name) SELECT number, key, file_name FROM message WHERE number > @after AND number <= @number",
            ("@after", Math.Min(upTo, number - 1)), ("@number", number));
        session.Execute("UPDATE message_text_state SET up_to = MAX(up_to, @number)", ("@number", number));
    }

    /// <summary>A row goes; the index needs its text to forget it.</summary>
    public static void Remove(SqlSession session, long number) => session.Execute(
        """
        INSERT INTO message_text (message_text, rowid, key, file_name)
        SELECT 'delete', number, key, file_name FROM message WHERE number = @number AND number <= (SELECT up_to FROM message_text_state)
        """,
        ("@number", number));

    /// <summary>The last row in the index.</summary>
    public static long UpTo(SqlSession session) => session.One("SELECT up_to FROM message_text_state", row => row.GetInt64(0));

    /// <summary>The text as a phrase: none of its characters means anything.</summary>
    public static string Phrase(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
