using System.Formats.Asn1;

namespace As2.Layers;

/// <summary>
/// Lends the writer that each thread keeps for DER: a new one takes a kilobyte and more for the smallest structure. A structure begun
/// while another is being written gets a writer of its own. Its rules are those of BER, which it writes in the octets of DER but for
/// one thing: a SET OF keeps the order in which it is written. To sort one, if only of one element, takes AsnWriter 170 octets, a
/// third of what packing allocated.
/// </summary>
internal readonly ref struct DerScratch
{
    [ThreadStatic]
    private static AsnWriter? t_kept;

    private readonly AsnWriter _writer;

    private DerScratch(AsnWriter writer) => _writer = writer;

    /// <param name="writer">Empty; not to be used after the scratch is disposed.</param>
    /// <param name="sorts">True: the writer is a new one that sorts each SET OF, for one of several elements.</param>
    public static DerScratch Begin(out AsnWriter writer, bool sorts = false)
    {
        if (sorts)
        {
            writer = new AsnWriter(AsnEncodingRules.DER);
            return new DerScratch(writer);
        }
        writer = t_kept ?? new AsnWriter(AsnEncodingRules.BER);
        t_kept = null;
        return new DerScratch(writer);
    }

    public void Dispose()
    {
        if (_writer.RuleSet != AsnEncodingRules.BER)
            return;
        _writer.Reset();
        t_kept = _writer;
    }
}
