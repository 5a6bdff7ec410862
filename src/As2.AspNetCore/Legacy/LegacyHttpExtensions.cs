using As2.AspNetCore.Legacy;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace As2.AspNetCore;

/// <summary>A port for senders that speak the HTTP of the last century.</summary>
public static class LegacyHttpExtensions
{
    /// <summary>
    /// Takes on this port what Kestrel refuses by design and old AS2 products send: folded header fields, bare LF in the head, Latin-1
    /// octets in values, blanks after a chunk size, one Content-Length said twice. Each is written as RFC 9112 wants it before Kestrel
    /// reads it; the octets of bodies are not touched. What two readers could count differently is refused with 400 and ends the
    /// connection: a length and chunks together, lengths that differ, odd chunk sizes, a bare CR. HTTP/1 only, streaming, bounded.
    /// Call it after <c>UseHttps</c>; give such a port to the partners that need it, and to nobody else.
    /// </summary>
    public static ListenOptions UseLegacyHttpTolerance(this ListenOptions listen)
    {
        listen.Protocols = HttpProtocols.Http1;
        listen.Use(next => connection => LegacyConnection.RunAsync(connection, next));
        return listen;
    }
}
