using As2.Headers;

namespace As2;

/// <summary>An AS2 message as it arrives: the request's header fields and its body. The caller keeps ownership of the body.</summary>
public sealed class As2Request
{
    /// <summary>The header fields, each value as it came.</summary>
    public required HeaderFields Headers { get; init; }

    /// <summary>The body, without any transfer coding. Read once, forward only.</summary>
    public required Stream Body { get; init; }

    /// <summary>Length of the body in bytes, where the request says it.</summary>
    public long? ContentLength { get; init; }

    /// <summary>Where it came from, for logs.</summary>
    public string? RemoteAddress { get; init; }

    /// <summary>What the host calls this request: in its logs, and in the answer to whoever is turned away.</summary>
    public string? Reference { get; init; }

    /// <summary>What the host has to say about this request; null: nothing.</summary>
    internal IRequestGate? Gate { get; init; }
}
