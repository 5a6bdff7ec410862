using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace As2.Ftp;

/// <summary>The control connection: commands out, replies in, and its change to TLS.</summary>
internal sealed class FtpControl : IAsyncDisposable
{
    private const int MaxReplyLines = 256;

    private readonly FtpClientOptions _options;
    private readonly TimeProvider _clock;
    private readonly Socket _socket;
    private Stream _stream;
    private FtpLineReader _reader;

    private FtpControl(FtpClientOptions options, TimeProvider clock, Socket socket)
    {
        (_options, _clock, _socket) = (options, clock, socket);
        _stream = new NetworkStream(socket, ownsSocket: true);
        _reader = new FtpLineReader(_stream);
    }

    /// <summary>Where the control connection really goes; data connections go there too, whatever the server says.</summary>
    public IPAddress Peer => ((IPEndPoint)_socket.RemoteEndPoint!).Address;

    /// <summary>The server's certificate; null without TLS.</summary>
    public X509Certificate? Certificate => (_stream as SslStream)?.RemoteCertificate;

    /// <summary>The TLS version in use, or none.</summary>
    public SslProtocols TlsVersion { get; private set; }

    /// <summary>True after a failure that left commands and replies out of step.</summary>
    public bool IsBroken { get; private set; }

    public static async Task<FtpControl> ConnectAsync(FtpClientOptions options, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var patience = new Patience(options.CommandTimeout, clock, cancellationToken);
        try
        {
            return new FtpControl(options, clock, await FtpDialer.OpenAsync(options, null, options.EffectivePort, patience.Token).ConfigureAwait(false));
        }
        catch (Exception failure) when (failure is SocketException or IOException or OperationCanceledException)
        {
            throw patience.Explain(failure, $"Connecting to {options.Host}:{options.EffectivePort}");
        }
    }

    public async Task SecureAsync(SslClientAuthenticationOptions tls, CancellationToken cancellationToken)
    {
        if (_reader.HasBuffered)
            throw new FtpException(FtpFailure.Trust, "The server, or somebody between, sent bytes after its answer to AUTH TLS and before TLS.");
        var secure = new SslStream(_stream);
        using var patience = new Patience(_options.CommandTimeout, _clock, cancellationToken);
        try
        {
            await secure.AuthenticateAsClientAsync(tls, patience.Token).ConfigureAwait(false);
            (_stream, _reader, TlsVersion) = (secure, new FtpLineReader(secure), secure.SslProtocol);
        }
        catch (Exception failure) when (failure is AuthenticationException or IOException or OperationCanceledException)
        {
            IsBroken = true;
            await secure.DisposeAsync().ConfigureAwait(false);
            throw failure is AuthenticationException
                ? new FtpException(FtpFailure.Trust, $"TLS with {_options.Host}: {failure.Message}", inner: failure)
                : patience.Explain(failure, $"TLS with {_options.Host}");
        }
    }

    /// <summary>Sends a command and reads one reply, whatever it says.</summary>
    public Task<FtpReply> SendAsync(string command, CancellationToken cancellationToken)
        => ExchangeAsync(command, command.StartsWith("PASS ", StringComparison.Ordinal) ? "PASS" : command, cancellationToken);

    /// <summary>Reads one reply: the greeting, or the second reply of a transfer.</summary>
    public Task<FtpReply> ReadReplyAsync(string what, CancellationToken cancellationToken) => ExchangeAsync(null, what, cancellationToken);

    private async Task<FtpReply> ExchangeAsync(string? command, string what, CancellationToken cancellationToken)
    {
        if (IsBroken)
            throw new FtpException(FtpFailure.Connection, $"{what}: the connection broke earlier.");
        var line = command is null ? null : Encode(command);
        using var patience = new Patience(_options.CommandTimeout, _clock, cancellationToken);
        try
        {
            if (line is not null)
                await _stream.WriteAsync(line, patience.Token).ConfigureAwait(false);
            return await ReadLinesAsync(what, patience.Token).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is IOException or SocketException or OperationCanceledException)
        {
            IsBroken = true;
            throw patience.Explain(failure, what);
        }
    }

    private static byte[] Encode(string command)
    {
        if (command.AsSpan().ContainsAny('\r', '\n', '\0'))
            throw new FtpException(FtpFailure.Refused, "A name, user or password holds CR, LF or NUL; FTP cannot carry it.");
        return Encoding.UTF8.GetBytes(command + "\r\n");
    }

    // reply = 3DIGIT SP text | 3DIGIT "-" text *(line) 3DIGIT SP text   (RFC 959 §4.2)
    private async Task<FtpReply> ReadLinesAsync(string what, CancellationToken cancellationToken)
    {
        var line = await _reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        if (line.Length < 3 || line[0] is < '1' or > '5' || !char.IsAsciiDigit(line[1]) || !char.IsAsciiDigit(line[2]))
            throw new FtpException(FtpFailure.Protocol, $"{what}: the server's reply has no code.");
        var lines = new List<string> { line.Length > 4 ? line[4..] : "" };
        if (line.Length > 3 && line[3] == '-')
        {
            var end = line[..3] + " ";
            do
            {
                if (lines.Count == MaxReplyLines)
                    throw new FtpException(FtpFailure.Protocol, $"{what}: the server's reply has more than {MaxReplyLines} lines.");
                line = await _reader.ReadAsync(cancellationToken).ConfigureAwait(false);
                lines.Add(line.StartsWith(end, StringComparison.Ordinal) ? line[4..] : line);
            }
            while (!line.StartsWith(end, StringComparison.Ordinal));
        }
        return new FtpReply((line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0'), lines);
    }

    public async ValueTask DisposeAsync()
    {
        IsBroken = true;
        await _stream.DisposeAsync().ConfigureAwait(false);
    }
}
