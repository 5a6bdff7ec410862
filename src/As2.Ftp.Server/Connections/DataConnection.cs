using System.Net.Security;
using System.Net.Sockets;

namespace As2.Ftp.Server.Connections;

/// <summary>One data connection. Sees whether an upload really ended, and ends a download so that the client sees it.</summary>
internal sealed class DataConnection : IAsyncDisposable
{
    private readonly Socket _socket;
    private readonly DataTransport _transport;

    public DataConnection(Socket socket)
    {
        _socket = socket;
        _transport = new DataTransport(new NetworkStream(socket, ownsSocket: true));
        Stream = _transport;
    }

    public Stream Stream { get; private set; }

    /// <summary>After reading 0: true when TLS was closed before the connection, so nobody cut the end off.</summary>
    public bool EndIsProven => Stream is SslStream && !_transport.Ended;

    /// <summary>The client's certificate; null: none was given.</summary>
    public byte[]? ClientCertificate => (Stream as SslStream)?.RemoteCertificate?.GetRawCertData();

    public async Task SecureAsync(SslServerAuthenticationOptions tls, CancellationToken cancellationToken)
    {
        var secure = new SslStream(_transport);
        Stream = secure;
        _transport.IsHandshaking = true;
        await secure.AuthenticateAsServerAsync(tls, cancellationToken).ConfigureAwait(false);
        _transport.IsHandshaking = false;
    }

    /// <summary>From here on we write much: small writes are gathered, until <see cref="CloseAsync"/>.</summary>
    public void BeginSending() => _transport.Gathers = true;

    /// <summary>Says that we are done: close_notify and half-close.</summary>
    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (Stream is SslStream secure)
                await secure.ShutdownAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
            await _transport.FlushAsync(cancellationToken).ConfigureAwait(false);
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception failure) when (failure is IOException or SocketException)
        {
            // The client closed first; it has, or has not, what it wanted, and its next command says so.
        }
    }

    /// <summary>Reads to the client's end after <see cref="CloseAsync"/>: a reset could take the tail of a download with it.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        var buffer = new byte[512];
        try
        {
            while (!_transport.Ended && await _transport.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) > 0)
            {
                // What a client still says after the end has no meaning.
            }
        }
        catch (Exception failure) when (failure is IOException or SocketException)
        {
            // A reset is an end too.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Stream.DisposeAsync().ConfigureAwait(false);
        _socket.Dispose();
    }
}
