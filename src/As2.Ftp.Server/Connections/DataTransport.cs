namespace As2.Ftp.Server.Connections;

/// <summary>
/// Under the TLS of a data connection: watches its end, and holds back TLS 1.3 session tickets until there is more to say. A client
/// that uploads (curl) writes, closes and never reads; tickets that reach its closed socket are answered with a reset, which takes
/// the tail of the upload with it.
/// </summary>
internal sealed class DataTransport(Stream inner) : EndWatch(inner)
{
    private const byte ApplicationData = 23;

    private readonly MemoryStream _held = new();

    /// <summary>In a handshake only TLS 1.3 tickets are a write that begins with an application-data record (RFC 8446 §5.1).</summary>
    public bool IsHandshaking { get; set; }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (IsHandshaking && buffer.Length > 0 && buffer.Span[0] == ApplicationData)
        {
            _held.Write(buffer.Span);
            return ValueTask.CompletedTask;
        }
        return _held.Length == 0 ? base.WriteAsync(buffer, cancellationToken) : WriteHeldAsync(buffer, cancellationToken);
    }

    private async ValueTask WriteHeldAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        _held.Write(buffer.Span);
        var all = _held.ToArray();
        _held.SetLength(0);
        await base.WriteAsync(all, cancellationToken).ConfigureAwait(false);
    }
}
