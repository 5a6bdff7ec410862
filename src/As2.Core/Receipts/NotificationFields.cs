using As2.Headers;
using As2.Layers;

namespace As2.Receipts;

/// <summary>
/// A <see cref="MessageDispositionNotification"/> as the fields of message/disposition-notification (RFC 4130 §7.4.2, RFC 8098 §3.1),
/// each on one line, in the order of the grammar.
/// </summary>
internal static class NotificationFields
{
    private const string Mode = "automatic-action/MDN-sent-automatically; ";
    private const string AddressType = "rfc822; ";
    private const int MaxValue = 1200;

    /// <summary>True when the fields are written in ASCII: the Message-ID is the one that may have something else.</summary>
    public static bool AreAscii(MessageDispositionNotification notification) => System.Text.Ascii.IsValid(notification.OriginalMessageId);

    /// <summary>Writes the fields, each line with its CRLF; ASCII, but for a Message-ID that is not.</summary>
    /// <param name="notification">What to say.</param>
    /// <param name="digestName">The spelling of the MIC's digest; null: ours.</param>
    /// <param name="fields">Takes them.</param>
    public static void Write(MessageDispositionNotification notification, string? digestName, PooledBuffer fields)
    {
        Add(fields, As2HeaderNames.ReportingUa, "", Safe(notification.ReportingUa));
        Add(fields, As2HeaderNames.OriginalRecipient, AddressType, Safe(notification.OriginalRecipient));
        Add(fields, As2HeaderNames.FinalRecipient, AddressType, Safe(notification.FinalRecipient));
        Add(fields, As2HeaderNames.OriginalMessageId, "", Echo(notification.OriginalMessageId));
        Add(fields, As2HeaderNames.Disposition, Mode, Safe(notification.Disposition.ToString()));
        foreach (var remark in notification.Remarks)
            Add(fields, RemarkField(notification.Disposition), "", Safe(remark));
        Add(fields, As2HeaderNames.ReceivedContentMic, "", notification.Mic?.ToString(digestName ?? notification.Mic.Algorithm.WireName));
    }

    private static void Add(PooledBuffer fields, string name, string prefix, string? value)
    {
        if (value is null)
            return;
        fields.Append(name);
        fields.Append(": "u8);
        fields.Append(prefix);
        fields.Append(value);
        fields.Append("\r\n"u8);
    }

    /// <summary>Reads the fields, in any order and case; false when there is no Disposition that can be read.</summary>
    /// <param name="fields">The fields.</param>
    /// <param name="notification">What they say.</param>
    /// <param name="oddities">Takes tolerated oddities, in plain words.</param>
    public static bool TryRead(HeaderFields fields, out MessageDispositionNotification notification, List<string> oddities)
    {
        notification = null!;
        if (!Disposition.TryParse(fields[As2HeaderNames.Disposition], out var disposition))
            return false;
        var remarks = ReadRemarks(fields);
        notification = new MessageDispositionNotification
        {
            ReportingUa = fields[As2HeaderNames.ReportingUa],
            OriginalRecipient = WithoutAddressType(fields[As2HeaderNames.OriginalRecipient]),
            FinalRecipient = WithoutAddressType(fields[As2HeaderNames.FinalRecipient]),
            OriginalMessageId = fields[As2HeaderNames.OriginalMessageId]?.Trim() is { Length: > 0 } id ? id : null,
            Disposition = Merge(disposition, remarks),
            Mic = ReadMic(fields, oddities),
            Remarks = [.. remarks.Select(r => r.Text)],
        };
        return true;
    }

    /// <summary>Printable ASCII of bounded length: nothing that a partner wrote splits or hides what we write.</summary>
    public static string Printable(string text)
        => text.Length <= MaxValue && !text.AsSpan().ContainsAnyExceptInRange(' ', '~') ? text : string.Concat(text.Take(MaxValue).Select(c => c is >= ' ' and <= '~' ? c : '?'));

    private static readonly (string Name, DispositionModifierKind Kind)[] s_remarkFields =
        [("Failure", DispositionModifierKind.Failure), ("Error", DispositionModifierKind.Error), ("Warning", DispositionModifierKind.Warning)];

    private static List<(DispositionModifierKind Kind, string Text)> ReadRemarks(HeaderFields fields)
    {
        var remarks = new List<(DispositionModifierKind, string)>();
        foreach (var (name, kind) in s_remarkFields)
        {
            if (fields[name] is not null)
                remarks.AddRange(fields.All(name).Where(v => v.Length > 0).Select(v => (kind, v)));
        }
        return remarks;
    }

    private static string RemarkField(Disposition disposition) => disposition.Modifier switch
    {
        DispositionModifierKind.Failure => "Failure",
        DispositionModifierKind.Error or DispositionModifierKind.Other => "Error",
        _ => "Warning",
    };

    // RFC 3798 put the reason into a field of its own. "processed" beside an Error field is a contradiction: it confirms nothing.
    private static Disposition Merge(Disposition disposition, List<(DispositionModifierKind Kind, string Text)> remarks)
    {
        if (remarks.Count == 0 || disposition.Text is not null)
            return disposition;
        var (kind, text) = remarks.Find(r => r.Kind == disposition.Modifier);
        if (text is null && disposition.Modifier == DispositionModifierKind.None)
            (kind, text) = remarks[0];
        return text is null ? disposition : new Disposition(disposition.Type, kind, text);
    }

    private static MessageIntegrityCheck? ReadMic(HeaderFields fields, List<string> oddities)
    {
        var text = fields[As2HeaderNames.ReceivedContentMic];
        if (MessageIntegrityCheck.TryParse(text, out var mic) || string.IsNullOrWhiteSpace(text))
            return mic;
        oddities.Add($"its Received-Content-MIC cannot be read: {Printable(text)}");
        return null;
    }

    private static string? Safe(string? value) => value is null ? null : Printable(value);

    // The one value that must come back as it came, or its sender does not know it again (RFC 4130 §7.4.3).
    private static string? Echo(string? id)
        => id is null || (id.Length <= MaxValue && !id.AsSpan().ContainsAnyExceptInRange(' ', '~')) ? id : string.Concat(id.Take(MaxValue).Select(c => char.IsControl(c) ? '?' : c));

    private static string? WithoutAddressType(string? value)
    {
        var semicolon = value?.IndexOf(';', StringComparison.Ordinal) ?? -1;
        var isTyped = semicolon > 0 && value.AsSpan(0, semicolon).Trim().Equals("rfc822", StringComparison.OrdinalIgnoreCase);
        return isTyped ? value![(semicolon + 1)..].Trim() : value?.Trim();
    }
}
