using As2.Agreements;
using As2.Layers;
using As2.Receipts;

namespace As2.Payloads;

/// <summary>The file names of a message against the agreement (profile FN-MDN of the file name preservation draft).</summary>
internal static class FileNames
{
    /// <summary>What a receipt says of a message that is taken.</summary>
    public static Disposition Judge(IEnumerable<PayloadHeader> payloads, Partnership partnership)
        => partnership.Receiving.UnusualFileNames == FileNameReaction.Warn && Fault(payloads) is { } fault
            ? new Disposition(DispositionType.Processed, DispositionModifierKind.Warning, fault)
            : Disposition.Processed;

    /// <summary>Why the message is refused, or null.</summary>
    public static LayerFault? Refuse(IEnumerable<PayloadHeader> payloads, SecurityRequirements agreed)
        => agreed.UnusualFileNames == FileNameReaction.Refuse && Fault(payloads) is { } fault
            ? new LayerFault(Disposition.Error(fault), "AS2 file name preservation, FN-MDN", "A file name cannot be kept as it is, and the agreement refuses that.")
            : null;

    private static string? Fault(IEnumerable<PayloadHeader> payloads)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in payloads.Select(p => p.FileName).OfType<string>())
        {
            // A blank becomes an underscore in every safe name; that alone is no fault of the sender's.
            if (FileNamePolicy.MakeSafe(name, "") != name.Replace(' ', '_'))
                return "illegal-filename";
            if (!seen.Add(name))
                return "duplicate-filename";
        }
        return null;
    }
}
