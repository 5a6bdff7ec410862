using System.Collections.Frozen;
using As2.Agreements;
using As2.Headers;

namespace As2.Transmission;

/// <summary>What is to be posted: an address, header fields sent as they are, and a body that can be opened again. Immutable.</summary>
public sealed record HttpPost
{
    /// <summary>Absolute http or https.</summary>
    public required Uri Address { get; init; }

    /// <summary>The header fields, sent as they are.</summary>
    public required HeaderFields Headers { get; init; }

    /// <summary>The span that the server's trace may go on from, a W3C traceparent; null: nothing is said of one. Default: null.</summary>
    public string? TraceParent { get; init; }

    /// <summary>Length of the body in bytes.</summary>
    public required long Length { get; init; }

    /// <summary>Opens the body from its start; the transport disposes it.</summary>
    public required Func<CancellationToken, ValueTask<Stream>> OpenBody { get; init; }

    /// <summary><see cref="PartnerQuirk.SendChunked"/> and <see cref="PartnerQuirk.ExpectContinue"/> count here. Default: none.</summary>
    public IReadOnlySet<PartnerQuirk> Quirks { get; init; } = FrozenSet<PartnerQuirk>.Empty;

    /// <summary>How the server is reached. Default: nothing special.</summary>
    public HttpConnection Connection { get; init; } = HttpConnection.Default;

    /// <summary>True where the server is the one that the credentials of the connection are for. Default: true.</summary>
    public bool SendsCredentials { get; init; } = true;

    /// <summary>
    /// From the last octet of the body to the last of the answer. Connecting, and each block of the body, have times of their own
    /// (<see cref="ConnectionAgreement.ConnectTimeout"/>, <see cref="ConnectionAgreement.SendIdleTimeout"/>). Default: 10 minutes.
    /// </summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(10);
}
