using System.Data.Common;
using As2.Headers;

namespace As2.Storage.PostgreSql;

/// <summary>What a message is made of.</summary>
internal static class PartTable
{
    public const string Payload = "payload", Wire = "wire", Receipt = "receipt";

    /// <summary>The columns of <see cref="Read"/>.</summary>
    public const string Names = "role, headers, content_type, part.file_name, part.length, sha256, inline, blob";

    private const string Insert =
        """
        INSERT INTO part (message, role, ordinal, headers, content_type, file_name, length, sha256, inline, blob)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        """;

    // The new value is written over the former one, whose blob may have lost its last name.
    private const string Replace =
        """

        ON CONFLICT (message, role, ordinal) DO UPDATE SET
            headers = excluded.headers, length = excluded.length, sha256 = excluded.sha256, inline = excluded.inline, blob = excluded.blob
        """;

    public static void InsertAll(Statements step, Guid message, StoredMessage parts)
    {
        for (var i = 0; i < parts.Payloads.Count; i++)
        {
            var p = parts.Payloads[i];
            step.Add(
                Insert, message, Payload, i, HeadersOf(p), p.ContentType, p.FileName, p.Content.Length, p.Content.Sha256, Columns.Octets(p.Content), p.Content.BlobName);
        }
        InsertWire(step, message, Wire, parts.Wire);
        InsertWire(step, message, Receipt, parts.Receipt);
    }

    /// <summary>Keeps a wire message in this role, in place of a former one; null leaves it as it is.</summary>
    public static void Keep(Statements step, Guid message, string role, WireMessage? wire)
    {
        if (wire is null)
            return;
        step.Add(
            """
            INSERT INTO garbage SELECT blob, now_ms() FROM part WHERE message = $1 AND role = $2 AND blob IS NOT NULL
            ON CONFLICT (blob) DO UPDATE SET since = excluded.since
            """,
            message, role);
        step.Add(
            Insert + Replace, message, role, 0, HeaderText.Write(wire.Headers), null, null, wire.Body.Length, wire.Body.Sha256, Columns.Octets(wire.Body),
            wire.Body.BlobName);
    }

    /// <summary>The message with its parts.</summary>
    public static StoredMessage Complete(StoredMessage message, IReadOnlyList<Part> parts) => message with
    {
        Payloads = [.. parts.Where(p => p.Role == Payload).Select(p => PayloadOf(p))],
        Wire = WireOf(parts.FirstOrDefault(p => p.Role == Wire)),
        Receipt = WireOf(parts.FirstOrDefault(p => p.Role == Receipt)),
    };

    /// <summary>A part from these columns on; null where the message has none.</summary>
    public static Part? Read(DbDataReader row, int column) => row.IsDBNull(column)
        ? null
        : new(row.GetString(column), row.Text(column + 1), row.Text(column + 2), row.Text(column + 3), row.Content(column + 4));

    private static void InsertWire(Statements step, Guid message, string role, WireMessage? wire)
    {
        if (wire is not null)
            step.Add(Insert, message, role, 0, HeaderText.Write(wire.Headers), null, null, wire.Body.Length, wire.Body.Sha256, Columns.Octets(wire.Body), wire.Body.BlobName);
    }

    // A Content-ID is rare: it needs no column of its own.
    private static string? HeadersOf(StoredPayload payload)
        => payload.ContentId is { } id ? HeaderText.Write(new HeaderFields { { "Content-ID", id } }) : null;

    private static StoredPayload PayloadOf(Part part)
        => new(part.Content, part.ContentType!, part.FileName) { ContentId = part.Headers is { } headers ? HeaderText.Read(headers)["Content-ID"] : null };

    private static WireMessage? WireOf(Part? part) => part is null ? null : new WireMessage(HeaderText.Read(part.Headers!), part.Content);

    /// <summary>One row.</summary>
    public sealed record Part(string Role, string? Headers, string? ContentType, string? FileName, StoredContent Content);
}
