namespace As2.Ftp.Server.Connections;

/// <summary>
/// Under the TLS of a data connection: watches its end, and holds back TLS 1.3 session tickets until there is more to say. A client
/// that uploads (curl) writes, closes and never reads; tickets that reach its closed socket are answered with a reset, which takes
/// the tail of the upload with it. In a download it gathers the records of TLS, 16 KiB each, into fewer and larger writes.
/// </summary>
internal sealed class DataTransport(Stream inner) : EndWatch(inner)
{
    private const byte ApplicationData = 23;
    private const int Gathered = 128 << 10;

    private readonly MemoryStream _held = new();

    /// <summary>In a handshake only TLS 1.3 tickets are a write that begins with an application-data record (RFC 8446 §5.1).</summary>
    public bool IsHandshaking { get; set; }

    /// <summary>Holds back what is written until there is much of it, or <see cref="FlushAsync"/>.</summary>
    public bool Gathers { get; set; }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if ((IsHandshaking && buffer.Length > 0 && buffer.Span[0] == ApplicationData) || (Gathers && _held.Length + buffer.Length <= Gathered))
        {
            _held.Write(buffer.Span);
            return ValueTask.CompletedTask;
        }
        return _held.Length == 0 ? base.WriteAsync(buffer, cancellationToken) : WriteHeldAsync(buffer, cancellationToken);
    }

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (Gathers && _held.Length > 0)
            await WriteHeldAsync(default, cancellationToken).ConfigureAwait(false);
        await base.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask WriteHeldAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        _held.Write(buffer.Span);
        await base.WriteAsync(_held.GetBuffer().AsMemory(0, (int)_held.Length), cancellationToken).ConfigureAwait(false);
        _held.SetLength(0);
    }
}
