using System.Collections.Frozen;
using As2.Certificates;
using As2.Headers;
using As2.Mime;
using As2.Payloads;

namespace As2.Layers;

/// <summary>What <see cref="LayerReader"/> works with.</summary>
public sealed record LayerReaderOptions
{
    private static readonly DigestAlgorithm[] s_sha256 = [DigestAlgorithm.Sha256];

    /// <summary>Our keys that may open the message.</summary>
    public IReadOnlyList<As2Certificate> DecryptionKeys { get; init; } = [];

    /// <summary>The partner's certificates that may have signed it.</summary>
    public IReadOnlyList<As2Certificate> VerificationCertificates { get; init; } = [];

    /// <summary>Digests wanted of the MIC scope, the preferred first. Signed content adds the digest of its signature in front.</summary>
    public IReadOnlyList<DigestAlgorithm> MicDigests { get; init; } = s_sha256;

    /// <summary>Bounds.</summary>
    public LayerLimits Limits { get; init; } = LayerLimits.Default;

    /// <summary>Named tolerances of the partnership.</summary>
    public IReadOnlySet<Agreements.PartnerQuirk> Quirks { get; init; } = FrozenSet<Agreements.PartnerQuirk>.Empty;

    /// <summary>Accept a signer whose agreed certificate is outside its window, with a remark. Default: false.</summary>
    public bool AcceptExpiredSignerCertificate { get; init; }

    /// <summary>Watches, for diagnosis. Default: nobody.</summary>
    internal ILayerObserver? Observer { get; init; }

    /// <summary>The moment at which certificates must be valid.</summary>
    public required DateTimeOffset Now { get; init; }
}

/// <summary>
/// Takes the layers off a message while its bytes stream past (RFC 4130 §4.2, RFC 5402 §3), in constant memory. One message, one
/// reader; not thread-safe.
/// </summary>
public sealed class LayerReader : IOctetSink, IDisposable
{
    private readonly LayerWalk _walk;
    private OctetStage? _body;
    private ProtocolFault? _fault;

    /// <summary>Creates a reader for one entity.</summary>
    /// <param name="headers">The entity's header fields; over HTTP those of the request.</param>
    /// <param name="options">Keys, wishes and bounds.</param>
    /// <param name="payloads">Takes the payloads.</param>
    public LayerReader(HeaderFields headers, LayerReaderOptions options, IPayloadSink payloads)
    {
        _walk = new LayerWalk(options, payloads);
        try
        {
            var entity = new EntityHeaders(headers);
            var name = entity.FileName;
            // What a layer is called is not what its payload is called.
            _walk.OuterFileName = name?.StartsWith("smime.", StringComparison.OrdinalIgnoreCase) == true ? null : name;
            _body = _walk.OpenBody(entity, []);
        }
        catch (ProtocolFault fault)
        {
            _fault = fault;
        }
    }

    /// <summary>Takes the next octets of the body. After a fault the rest is ignored.</summary>
    public void Push(ReadOnlySpan<byte> octets)
    {
        if (_fault is not null)
            return;
        try
        {
            _body!.Push(octets);
        }
        catch (ProtocolFault fault)
        {
            _fault = fault;
        }
    }

    /// <summary>
    /// The body has ended: what was seen, with the fault that ended the walk where there was one. Every fault of the partner comes
    /// back here as a value; what is thrown is ours.
    /// </summary>
    public LayerTrace Complete()
    {
        CompleteBody();
        return new LayerTrace
        {
            Layers = _walk.Layers,
            Scope = _walk.Scope,
            // The digest of what could not be verified says something about a plaintext that the sender may not know.
            Mics = _fault is null ? _walk.Mics : [],
            Fault = _fault is null ? null : new LayerFault(_fault.Disposition, _fault.Clause, _fault.Message),
        };
    }

    /// <inheritdoc/>
    public void Dispose() => _body?.Dispose();

    private void CompleteBody()
    {
        try
        {
            if (_fault is null)
                _body!.Complete();
        }
        catch (ProtocolFault fault)
        {
            _fault = fault;
        }
    }
}
