using System.Security.Cryptography;
using System.Text;
using As2.Agreements;
using As2.Headers;
using As2.Routes;
using As2.Storage;

namespace As2.Testing.Storage;

/// <summary>Messages for stores.</summary>
public static class Sample
{
    private static int s_last;

    /// <summary>Our AS2 name.</summary>
    public static readonly As2Identifier Us = new("OUR COMPANY");

    /// <summary>The partner's AS2 name.</summary>
    public static readonly As2Identifier Partner = new("PARTNER");

    /// <summary>Small content.</summary>
    public static StoredContent Content(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return new() { Length = bytes.Length, Sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes)), Inline = bytes };
    }

    /// <summary>A message over the wire.</summary>
    public static WireMessage Wire(string body, string subject = "Ümläut: a colon, too")
        => new(new HeaderFields { { "Message-ID", "<1@x>" }, { "Subject", subject }, { "AS2-Version", "1.1" }, { "AS2-Version", "1.2" } }, Content(body));

    /// <summary>An accepted inbound message with a receipt and a delivery job.</summary>
    public static NewMessage Inbound(string? key = null, string payload = "UNA:+.? '", MessageState state = MessageState.Accepted) => new()
    {
        Message = Message(MessageDirection.Inbound, key, state, payload) with { Receipt = Wire("receipt of " + payload) },
        Jobs = state == MessageState.Refused ? [] : [new NewJob(JobKind.Deliver, Route: "mailbox")],
        Events = [("received", "9 bytes")],
    };

    /// <summary>A submitted outbound message with its sending job, from a file of an outbox.</summary>
    public static NewMessage Outbound(string? key = null, string payload = "ISA*00*", string file = "order.edi") => new()
    {
        Message = Message(MessageDirection.Outbound, key, MessageState.Submitted, payload) with { Account = "acme" },
        Jobs = [new NewJob(JobKind.Send)],
        Mailbox = [new MailboxChange("acme", Add: new NewMailboxFile(MailboxFolder.Outbox, file, Content(payload)))],
        Events = [("submitted", file)],
    };

    /// <summary>A step.</summary>
    public static Transition Step(MessageState from, MessageState to, JobOutcome job = JobOutcome.Done)
        => new() { From = [from], To = to, Job = job, Events = [("step", $"to {to}")] };

    private static StoredMessage Message(MessageDirection direction, string? key, MessageState state, string payload)
    {
        var id = Guid.CreateVersion7().ToString("N");
        key ??= $"{Interlocked.Increment(ref s_last)}@example";
        return new StoredMessage
        {
            Id = id,
            Key = new MessageKey(direction, Us, Partner, key),
            MessageId = $"<{key}>",
            State = state,
            Payloads = [new StoredPayload(Content(payload), "application/EDIFACT", "order.edi"), new StoredPayload(Content(""), "text/plain", null) { ContentId = "part2@example" }],
            Mics = ["bWlj, sha-256", "c2hhMQ==, sha1"],
            Disposition = "processed",
            ReceiptUrl = new Uri("http://partner.example:8080/mdn?x=1"),
            Security = "signed sha-256",
        };
    }
}
