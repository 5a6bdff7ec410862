using As2.Headers;

namespace As2.Storage.Sqlite;

/// <summary>What a message is made of.</summary>
internal static class PartTable
{
    public const string Payload = "payload", Wire = "wire", Receipt = "receipt";

    public static void InsertAll(SqlSession session, long message, StoredMessage parts)
    {
        for (var i = 0; i < parts.Payloads.Count; i++)
        {
            var payload = parts.Payloads[i];
            Insert(session, message, i, new Part(Payload, HeadersOf(payload), payload.ContentType, payload.FileName, payload.Content));
        }
        Insert(session, message, Wire, parts.Wire);
        Insert(session, message, Receipt, parts.Receipt);
    }

    /// <summary>Keeps a wire message in this role, in place of a former one; null leaves it as it is.</summary>
    public static void Keep(SqlSession session, long message, string role, WireMessage? wire, long now)
    {
        if (wire is null)
            return;
        var former = session.One(
            "DELETE FROM part WHERE message = @message AND role = @role RETURNING content",
            row => row.GetInt64(0), ("@message", message), ("@role", role));
        Insert(session, message, role, wire);
        if (former > 0)
            ContentTable.Release(session, former, now);
    }

    /// <summary>The message with its parts.</summary>
    public static StoredMessage Complete(SqlSession session, long number, StoredMessage message)
    {
        var parts = session.All(
            """
            SELECT role, headers, content_type, part.file_name, length, sha256, inline, blob
            FROM part JOIN content ON content.number = part.content WHERE message = @message ORDER BY role, ordinal
            """,
            Read, ("@message", number));
        return message with
        {
            Payloads = [.. parts.Where(p => p.Role == Payload).Select(p => PayloadOf(p))],
            Wire = WireOf(parts.Find(p => p.Role == Wire)),
            Receipt = WireOf(parts.Find(p => p.Role == Receipt)),
        };
    }

    private static Part Read(SqlRow row)
        => new(row.GetString(0), row.Text(1), row.Text(2), row.Text(3), ContentTable.Read(row, 4));

    // A Content-ID is rare: it needs no column of its own.
    private static string? HeadersOf(StoredPayload payload)
        => payload.ContentId is { } id ? HeaderText.Write(new HeaderFields { { "Content-ID", id } }) : null;

    private static StoredPayload PayloadOf(Part part)
        => new(part.Content, part.ContentType!, part.FileName) { ContentId = part.Headers is { } headers ? HeaderText.Read(headers)["Content-ID"] : null };

    private static WireMessage? WireOf(Part? part) => part is null ? null : new WireMessage(HeaderText.Read(part.Headers!), part.Content);

    private static void Insert(SqlSession session, long message, string role, WireMessage? wire)
    {
        if (wire is not null)
            Insert(session, message, 0, new Part(role, HeaderText.Write(wire.Headers), null, null, wire.Body));
    }

    private static void Insert(SqlSession session, long message, int ordinal, Part part) => session.Execute(
        """
        INSERT INTO part (message, role, ordinal, content, headers, content_type, file_name)
        VALUES (@message, @role, @ordinal, @content, @headers, @type, @fileName)
        """,
        ("@message", message), ("@role", part.Role), ("@ordinal", ordinal), ("@content", ContentTable.Put(session, part.Content)),
        ("@headers", part.Headers), ("@type", part.ContentType), ("@fileName", part.FileName));

    private sealed record Part(string Role, string? Headers, string? ContentType, string? FileName, StoredContent Content);
}
