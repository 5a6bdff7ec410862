using System.Runtime.CompilerServices;
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
    private const int UsualLength = 512;

    /// <summary>The fields as we write them, each line with its CRLF; ASCII, but for a Message-ID that is not.</summary>
    /// <param name="notification">What to say.</param>
    /// <param name="digestName">The spelling of the MIC's digest; null: ours.</param>
    public static string Write(MessageDispositionNotification notification, string? digestName)
    {
        var fields = new DefaultInterpolatedStringHandler(0, 0, null, stackalloc char[UsualLength]);
        Add(ref fields, As2HeaderNames.ReportingUa, "", Safe(notification.ReportingUa));
        Add(ref fields, As2HeaderNames.OriginalRecipient, AddressType, Safe(notification.OriginalRecipient));
        Add(ref fields, As2HeaderNames.FinalRecipient, AddressType, Safe(notification.FinalRecipient));
        Add(ref fields, As2HeaderNames.OriginalMessageId, "", Echo(notification.OriginalMessageId));
        Add(ref fields, As2HeaderNames.Disposition, Mode, Safe(notification.Disposition.ToString()));
        foreach (var remark in notification.Remarks)
            Add(ref fields, RemarkField(notification.Disposition), "", Safe(remark));
        Add(ref fields, As2HeaderNames.ReceivedContentMic, "", notification.Mic?.ToString(digestName ?? notification.Mic.Algorithm.WireName));
        return fields.ToStringAndClear();
    }

    private static void Add(ref DefaultInterpolatedStringHandler fields, string name, string prefix, string? value)
    {
        if (value is null)
            return;
        fields.AppendLiteral(name);
        fields.AppendLiteral(": ");
        fields.AppendLiteral(prefix);
        fields.AppendLiteral(value);
        fields.AppendLiteral("\r\n");
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
