using System.Globalization;
using As2.Storage;

namespace ManagedGateway.Operations.Messages;

/// <summary>The text that an operator sends to a partner about a message: what their people need to find it, and nothing secret.</summary>
internal static class PartnerNote
{
    /// <summary>The text; null for a message that went well or is under way.</summary>
    public static string? Of(StoredMessage message)
    {
        if (Opening(message.State) is not { } opening)
            return null;
        var (from, to) = message.Key.Direction == MessageDirection.Outbound ? (message.Key.Local, message.Key.Partner) : (message.Key.Partner, message.Key.Local);
        var lines = new List<string>
        {
            opening, "",
            $"Message-ID: {message.MessageId}",
            $"AS2-From: {from}",
            $"AS2-To: {to}",
            string.Create(CultureInfo.InvariantCulture, $"Time (UTC): {message.Created.UtcDateTime:yyyy-MM-dd HH:mm:ss}"),
        };
        if (message.Payloads is [{ FileName: { } name }, ..])
            lines.Add($"File: {name}");
        if (message.Security.Length > 0)
            lines.Add($"Layers: {message.Security}");
        if (message.Mics.Count > 0)
            lines.Add($"MIC by our reckoning: {string.Join("; ", message.Mics)}");
        if (message.Disposition is { } disposition)
            lines.Add($"Disposition: {disposition}");
        if (message.Diagnosis is { } diagnosis)
            lines.AddRange(["", $"What we found: {diagnosis}"]);
        lines.AddRange(["", Question(message.State)]);
        return string.Join('\n', lines);
    }

    private static string? Opening(MessageState state) => state switch
    {
        MessageState.Refused => "We could not accept this AS2 message of yours.",
        MessageState.Rejected => "Your receipt for this AS2 message of ours says that it was not accepted.",
        MessageState.MicMismatch => "Your receipt for this AS2 message of ours has another MIC than the message: what you processed may not be what we sent.",
        MessageState.Expired => "We sent you this AS2 message several times and have no valid receipt for it.",
        MessageState.Suspended => "We cannot deliver AS2 messages to you at the moment.",
        _ => null,
    };

    private static string Question(MessageState state) => state switch
    {
        MessageState.Refused => "Please mend the cause and send it again under a new Message-ID.",
        MessageState.MicMismatch => "Please tell us which octets you hash, and whether anything in between changes content or line ends.",
        MessageState.Suspended => "Please check address, TLS certificate and access of your AS2 server, and tell us what changed.",
        _ => "Please look for it in your AS2 log, and tell us what you find.",
    };
}
