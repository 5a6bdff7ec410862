using As2.Receipts;

namespace As2;

/// <summary>
/// A partner's fault on its way from the layer that found it to the receive walk, the one place that turns it into a value.
/// It already holds its disposition, so no mapping table can drift.
/// </summary>
internal sealed class ProtocolFault : Exception
{
    /// <param name="disposition">What the receipt will say.</param>
    /// <param name="clause">The clause that was broken, for example <c>RFC 4130 §7.3.1</c>.</param>
    /// <param name="diagnosis">Plain words for our operator; never sent to the partner.</param>
    /// <param name="inner">The cause, when there is one.</param>
    public ProtocolFault(Disposition disposition, string clause, string diagnosis, Exception? inner = null)
        : base(diagnosis, inner)
    {
        Disposition = disposition;
        Clause = clause;
    }

    /// <summary>What the receipt will say.</summary>
    public Disposition Disposition { get; }

    /// <summary>The clause that was broken.</summary>
    public string Clause { get; }
}
