using System.Formats.Asn1;

namespace As2.Layers;

/// <summary>
/// Lends the writer that each thread keeps for DER: a new one takes a kilobyte and more for the smallest structure. A structure begun
/// while another is being written gets a writer of its own.
/// </summary>
internal readonly ref struct DerScratch
{
    [ThreadStatic]
    private static AsnWriter? t_kept;

    private readonly AsnWriter _writer;

    private DerScratch(AsnWriter writer) => _writer = writer;

    /// <param name="writer">Empty; not to be used after the scratch is disposed.</param>
    public static DerScratch Begin(out AsnWriter writer)
    {
        writer = t_kept ?? new AsnWriter(AsnEncodingRules.DER);
        t_kept = null;
        return new DerScratch(writer);
    }

    public void Dispose()
    {
        _writer.Reset();
        t_kept = _writer;
    }
}
