namespace As2.Ftp;

/// <summary>
/// Under a TLS stream, sees whether the connection ended before TLS did. <c>SslStream</c> reads 0 for a close_notify and for a
/// bare FIN alike; only the second makes it read the end of its transport.
/// </summary>
internal class EndWatch(Stream inner) : TwoWayStream(inner, inner)
{
    /// <summary>True once the transport ended.</summary>
    public bool Ended { get; private set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await base.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        Ended |= read == 0 && buffer.Length > 0;
        return read;
    }
}
