using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using As2.Headers;
using As2.Payloads;
using As2.Storage;

namespace As2.Routes;

/// <summary>What the submitter of a file gets back when its message has an outcome.</summary>
internal static class SubmissionReport
{
    // For people too: < and + as they are. No page shows it as markup.
    private static readonly JsonWriterOptions s_json = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// The receipt and the status, in <c>receipts</c>; after a failure also the file and the reason, in <c>failed</c>.
    /// </summary>
    /// <param name="message">With its final state, disposition and receipt.</param>
    public static IEnumerable<NewMailboxFile> Files(StoredMessage message)
    {
        var name = NameOf(message);
        if (message.Receipt is { } receipt)
            yield return new(MailboxFolder.Receipts, name + ".mdn", AsEntity(receipt));
        yield return new(MailboxFolder.Receipts, name + ".status.json", Status(message));
        if (message.State == MessageState.Acknowledged)
            yield break;
        foreach (var payload in message.Payloads.Where(payload => !payload.Content.IsPurged))
            yield return new(MailboxFolder.Failed, FileNamePolicy.MakeSafe(payload.FileName, message.Id + ".dat"), payload.Content);
        yield return new(MailboxFolder.Failed, name + ".reason.txt", StoredContent.FromBytes(Encoding.UTF8.GetBytes((message.Diagnosis ?? "unknown") + "\r\n")));
    }

    public static string NameOf(StoredMessage message) => FileNamePolicy.MakeSafe(message.Payloads[0].FileName, message.Id + ".dat");

    // Field by field: what a submitter's program reads is a contract, not the shape of our types.
    private static StoredContent Status(StoredMessage message)
    {
        var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, s_json))
        {
            json.WriteStartObject();
            json.WriteString("file", message.Payloads[0].FileName);
            json.WriteNumber("bytes", message.Payloads[0].Content.Length);
            json.WriteString("sha256", message.Payloads[0].Content.Sha256);
            json.WriteString("id", message.Id);
            json.WriteString("messageId", message.MessageId);
            json.WriteString("from", message.Key.Local.Value);
            json.WriteString("to", message.Key.Partner.Value);
            json.WriteString("state", message.State.ToString());
            json.WriteString("disposition", message.Disposition);
            json.WriteString("mic", message.Mics.FirstOrDefault());
            json.WriteString("reason", message.Diagnosis);
            json.WriteEndObject();
        }
        return StoredContent.FromBytes(text.ToArray());
    }

    /// <summary>The receipt as one MIME entity that any S/MIME tool verifies.</summary>
    private static StoredContent AsEntity(WireMessage receipt)
    {
        if (receipt.Body.Inline is not { } body)
            return receipt.Body;
        var head = new StringBuilder();
        foreach (var (name, value) in receipt.Headers.Where(h => !string.Equals(h.Key, "Transfer-Encoding", StringComparison.OrdinalIgnoreCase)))
            head.Append(name).Append(": ").Append(value).Append("\r\n");
        return StoredContent.FromBytes((byte[])[.. Encoding.UTF8.GetBytes(head.Append("\r\n").ToString()), .. body.Span]);
    }
}
