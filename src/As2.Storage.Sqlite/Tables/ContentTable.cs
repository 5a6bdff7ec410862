namespace As2.Storage.Sqlite;

/// <summary>Octets, counted by who refers to them: parts of messages and files of mailboxes.</summary>
internal static class ContentTable
{
    /// <summary>The row of this content; a blob has only one.</summary>
    public static long Put(SqlSession session, StoredContent content)
    {
        if (content.BlobName is { } blob)
        {
            session.Execute("DELETE FROM garbage WHERE blob = @blob", ("@blob", blob));
            if (session.One("SELECT number FROM content WHERE blob = @blob", row => row.GetInt64(0), ("@blob", blob)) is > 0 and var number)
                return number;
        }
        session.Execute(
            "INSERT INTO content (length, sha256, inline, blob) VALUES (@length, @sha256, @inline, @blob)",
            ("@length", content.Length), ("@sha256", content.Sha256), ("@inline", content.Inline), ("@blob", content.BlobName));
        return session.LastRow();
    }

    /// <summary>Removes the row when nobody refers to it any more; its blob is to be removed after the commit.</summary>
    public static void Release(SqlSession session, long number, long now)
    {
        var blob = session.One(
            """
            DELETE FROM content WHERE number = @number
                AND NOT EXISTS (SELECT 1 FROM part WHERE content = @number) AND NOT EXISTS (SELECT 1 FROM mailbox WHERE content = @number)
            RETURNING blob
            """,
            row => row.Text(0), ("@number", number));
        if (blob is not null)
            session.Execute("INSERT OR REPLACE INTO garbage (blob, since) VALUES (@blob, @now)", ("@blob", blob), ("@now", now));
    }

    /// <summary>Reads length, sha256, inline and blob from four columns.</summary>
    public static StoredContent Read(SqlRow row, int column) => new()
    {
        Length = row.GetInt64(column),
        Sha256 = row.GetString(column + 1),
        Inline = row.Octets(column + 2),
        BlobName = row.Text(column + 3),
    };
}
