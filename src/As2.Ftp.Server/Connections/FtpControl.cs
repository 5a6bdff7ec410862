using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace As2.Ftp.Server.Connections;

/// <summary>The control connection of a session: lines in, replies out, and its change to TLS.</summary>
internal sealed class FtpControl(Stream transport, Socket? socket, TimeSpan patience, TimeProvider clock)
{
    private Stream _stream = transport;
    private FtpLineReader _reader = new(transport);
    private Task<string?>? _next;

    public bool IsSecure => _stream is SslStream;

    /// <summary>The client's certificate, proved by TLS; null: none was given.</summary>
    public X509Certificate2? ClientCertificate => (_stream as SslStream)?.RemoteCertificate is { } given ? X509CertificateLoader.LoadCertificate(given.GetRawCertData()) : null;

    public bool HasBuffered => _reader.HasBuffered;

    /// <summary>The next line while it is on its way; a transfer watches it for ABOR without losing it.</summary>
    public Task<string?> NextLine => _next ??= _reader.ReadAsync(CancellationToken.None);

    /// <summary>True when the client ended the connection and left no line unread, even where the reading did not come to it yet.</summary>
    public bool HasEnded => NextLine.IsCompleted ? NextLine is not { IsCompletedSuccessfully: true, Result: not null } : IsAtEnd() && IsAtEnd();

    /// <summary>Takes the next line; null at the end. Throws when the time is over.</summary>
    public async Task<string?> ReadLineAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        var line = await NextLine.WaitAsync(limit, clock, cancellationToken).ConfigureAwait(false);
        _next = null;
        return line;
    }

    public async Task SecureAsync(SslServerAuthenticationOptions tls, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(patience, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        var secure = new SslStream(_stream);
        await secure.AuthenticateAsServerAsync(tls, both.Token).ConfigureAwait(false);
        (_stream, _reader) = (secure, new FtpLineReader(secure));
    }

    public async Task WriteAsync(FtpReply reply, CancellationToken cancellationToken)
    {
        var write = _stream.WriteAsync(Encoding.UTF8.GetBytes(reply.ToWire()), cancellationToken).AsTask();
        await write.WaitAsync(patience, clock, cancellationToken).ConfigureAwait(false);
        await _stream.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    public async Task CloseAsync()
    {
        if (_stream is SslStream secure)
            await secure.ShutdownAsync().WaitAsync(TimeSpan.FromSeconds(2), clock).ConfigureAwait(false);
    }

    // Asked twice, for between two questions somebody else may have read what was there.
    private bool IsAtEnd()
    {
        try
        {
            return socket is not null && socket.Poll(TimeSpan.Zero, SelectMode.SelectRead) && socket.Available == 0;
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            return true;
        }
    }
}
