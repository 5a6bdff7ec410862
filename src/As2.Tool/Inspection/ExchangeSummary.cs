using System.Buffers;
using As2.CertificateExchange;
using As2.Layers;
using As2.Payloads;

namespace As2.Tool.Inspection;

/// <summary>Names a payload of a certificate exchange for what it is; keeps its octets, which are bounded.</summary>
internal sealed class ExchangeSummary : IOctetSink
{
    private readonly ArrayBufferWriter<byte> _octets = new();

    /// <summary>For a request or a response; null for any other payload.</summary>
    public static ExchangeSummary? For(PayloadHeader header) => ExchangeMedia.IsExchange(header.ContentType) ? new ExchangeSummary() : null;

    /// <inheritdoc/>
    public void Push(ReadOnlySpan<byte> octets)
    {
        if (_octets.WrittenCount <= ExchangeReader.MaxBytes)
            _octets.Write(octets);
    }

    /// <summary>In plain words.</summary>
    public string Finish()
    {
        try
        {
            return ExchangeReader.Read(_octets.WrittenMemory) switch
            {
                ExchangeRequest request => $"certificate exchange: request '{request.RequestId}' of {request.Name} for " + string.Join("; ", request.Requests.Select(
                    r => $"{r.EndEntity.Certificate} in part <{r.EndEntity.ContentId}>, to be used as {string.Join(", ", r.Usages.Select(u => u.ToWord()))}")),
                ExchangeResponse response => $"certificate exchange: response '{response.RequestId}' of {response.Name}: "
                    + string.Join("; ", response.Responses.Select(r => $"{r.Certificate} is {(r.IsAccepted ? "accepted" : $"rejected{(r.Reason is null ? "" : $", {r.Reason}")}")}")),
                _ => "certificate exchange",
            };
        }
        catch (ProtocolFault fault)
        {
            return $"certificate exchange that cannot be read: {fault.Message}";
        }
    }
}
