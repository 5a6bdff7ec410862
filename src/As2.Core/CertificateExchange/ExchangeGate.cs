using As2.Agreements;
using As2.Layers;
using As2.Payloads;

namespace As2.CertificateExchange;

/// <summary>The receive walk's look at a message: whether it belongs to an exchange, and may.</summary>
internal static class ExchangeGate
{
    /// <summary>True when the partnership exchanges certificates and the message is part of that.</summary>
    public static bool IsExchange(IEnumerable<PayloadHeader> payloads, Partnership partnership)
        => partnership.Exchange.Acceptance != ExchangeAcceptance.Off && payloads.Any(p => ExchangeMedia.IsExchange(p.ContentType));

    /// <summary>The fault of one that nobody vouches for, whatever else the agreement lets pass unsigned.</summary>
    public static LayerFault? Refuse(LayerTrace trace, IEnumerable<PayloadHeader> payloads, Partnership partnership)
        => !trace.IsSigned && IsExchange(payloads, partnership) ? SecurityCheck.Unsigned(trace, "a certificate exchange needs") : null;
}
