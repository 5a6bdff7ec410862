using As2.Agreements;
using As2.Headers;
using As2.Layers;
using As2.Receipts;

namespace As2.Tool.Inspection;

/// <summary>
/// The product that made a message, where its own words tell. Some expect another MIC than the RFCs say; whoever explains a message
/// should name the one that its sender waits for.
/// </summary>
internal sealed class SenderProduct
{
    private static readonly PartnerQuirk[] s_ofMic = [PartnerQuirk.MicByReceiptOptions, PartnerQuirk.CompressedMicWithoutHeaders, PartnerQuirk.UnsignedMicSha1, PartnerQuirk.UnsignedMicSha256];

    // The longer words first: phase2 calls itself ph-OpenAS2.
    private static readonly (string Word, string Preset)[] s_words =
    [
        ("ph-OpenAS2", "phase2"), ("phase2", "phase2"), ("as2-lib", "phase2"), ("OpenAS2", "openas2"), ("mendelson", "mendelson"), ("pyas2", "pyas2"),
        ("libas2", "libas2"), ("PsHttpClientAdapter", "sterling"), ("Sterling", "sterling"), ("DataPower", "datapower"), ("BizTalk", "biztalk"), ("Azure", "azure"),
        ("Amazon", "aws-transfer"), ("AWS", "aws-transfer"), ("Boomi", "boomi"), ("Cleo", "cleo"), ("VLTrader", "cleo"), ("LexiCom", "cleo"), ("Seeburger", "seeburger"), ("SAP", "sap"),
        ("Oracle", "oracle"), ("webMethods", "webmethods"), ("Axway", "axway"), ("Cyclone", "axway"), ("OpenText", "opentext"), ("GXS", "opentext"), ("RSSBus", "cdata"), ("CData", "cdata"), ("nsoftware", "cdata"),
    ];

    private readonly PartnerPreset? _preset;

    private SenderProduct(PartnerPreset? preset)
    {
        _preset = preset;
        var quirks = preset?.Apply(new Partnership { Local = new("a"), Partner = new("b") }).Quirks ?? new HashSet<PartnerQuirk>();
        MicQuirks = quirks.Intersect(s_ofMic).ToHashSet();
    }

    /// <summary>The name of its preset, or null.</summary>
    public string? Name => _preset?.Name;

    /// <summary>What it departs in when it computes a MIC.</summary>
    public IReadOnlySet<PartnerQuirk> MicQuirks { get; }

    /// <summary>Reads who speaks.</summary>
    public static SenderProduct Of(HeaderFields headers)
    {
        var said = string.Join(' ', headers["User-Agent"], headers["Server"], headers["AS2-Product"]);
        var preset = s_words.FirstOrDefault(w => said.Contains(w.Word, StringComparison.OrdinalIgnoreCase)).Preset;
        return new SenderProduct(PartnerPreset.Find(preset));
    }

    /// <summary>The MIC that it expects in the receipt, with the reading in plain words; null where nothing was found.</summary>
    public MicReport? Mic(LayerTrace trace, ReceiptRequest request)
    {
        if (trace.Mics is not [var byRule, ..])
            return null;
        var wanted = MicDigestChoice.Choose(trace.Signature?.Digest, request.Digests, MicQuirks);
        var mic = MicQuirks.Count == 0 ? byRule : trace.Mics.FirstOrDefault(m => m.Algorithm == wanted) ?? byRule;
        var departs = mic != byRule || (MicQuirks.Contains(PartnerQuirk.CompressedMicWithoutHeaders) && trace.Layers is [{ Kind: LayerKind.CompressedData }]);
        return EntityReadings.Report(mic, LayerReports.NameOf(trace.Scope) + (departs ? $", as {_preset!.Product} computes it" : ""));
    }
}
