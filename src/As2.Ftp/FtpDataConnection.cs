using System.Buffers;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace As2.Ftp;

/// <summary>One data connection: opened passive, made secure after the server's 150, closed so that the server sees its end.</summary>
internal sealed class FtpDataConnection : IAsyncDisposable
{
    private const int Block = 64 << 10;

    private Socket? _socket;
    private bool _isProxied;
    private EndWatch? _watch;
    private Stream? _stream;

    public async Task ConnectAsync(FtpClientOptions options, IPAddress peer, int port, CancellationToken cancellationToken)
    {
        _isProxied = options.Proxy is not null;
        _socket = await FtpDialer.OpenAsync(options, peer, port, cancellationToken).ConfigureAwait(false);
        _watch = new EndWatch(new NetworkStream(_socket, ownsSocket: true));
        _stream = _watch;
    }

    /// <summary>TLS with the options of the control connection, so that its session is resumed, and to the same certificate.</summary>
    public async Task SecureAsync(SslClientAuthenticationOptions tls, X509Certificate expected, CancellationToken cancellationToken)
    {
        var secure = new SslStream(_watch!);
        _stream = secure;
        try
        {
            await secure.AuthenticateAsClientAsync(tls, cancellationToken).ConfigureAwait(false);
        }
        catch (AuthenticationException failure)
        {
            throw new FtpException(FtpFailure.Trust, $"TLS on the data connection: {failure.Message}", inner: failure);
        }
        if (secure.RemoteCertificate is not { } actual || !actual.GetRawCertData().AsSpan().SequenceEqual(expected.GetRawCertData()))
            throw new FtpException(FtpFailure.Trust, "The data connection has another certificate than the control connection.");
    }

    public Task SendAsync(Stream content, Patience patience) => CopyAsync(content, _stream!, long.MaxValue, patience);

    /// <summary>Reads to the end. False: the connection ended without the TLS close that proves it was the end.</summary>
    public async Task<(long Length, bool EndProven)> ReceiveAsync(Stream target, long max, Patience patience)
    {
        var length = await CopyAsync(_stream!, target, max, patience).ConfigureAwait(false);
        return (length, _stream is SslStream && !_watch!.Ended);
    }

    /// <summary>
    /// Says the end properly: close_notify, half-close, and reading to the server's own end. Closing with unread bytes (TLS 1.3
    /// session tickets) would reset the connection and lose the tail of the file.
    /// </summary>
    public async Task FinishAsync(Patience patience)
    {
        if (_stream is SslStream secure)
            await secure.ShutdownAsync().WaitAsync(patience.Token).ConfigureAwait(false);
        // Small proxies take a half-close for the end of both directions, and what the server still says resets the upload.
        if (!_isProxied || _stream is not SslStream)
            _socket!.Shutdown(SocketShutdown.Send);
        await DrainAsync(patience).ConfigureAwait(false);
    }

    private async Task DrainAsync(Patience patience)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(4096);
        try
        {
            while (await _stream!.ReadAsync(buffer, patience.Token).ConfigureAwait(false) > 0)
                patience.Restart();
        }
        catch (IOException)
        {
            // The server may reset after it has what it wants; its 226 or 426 on the control connection decides.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async Task<long> CopyAsync(Stream from, Stream to, long max, Patience patience)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Block);
        try
        {
            long total = 0;
            int read;
            while ((read = await from.ReadAsync(buffer, patience.Token).ConfigureAwait(false)) > 0)
            {
                total += read;
                if (total > max)
                    throw new FtpException(FtpFailure.Protocol, $"The server sent more than the {max} bytes that were expected.");
                await to.WriteAsync(buffer.AsMemory(0, read), patience.Token).ConfigureAwait(false);
                patience.Restart();
            }
            return total;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_stream is not null)
            await _stream.DisposeAsync().ConfigureAwait(false);
        _socket?.Dispose();
    }
}
