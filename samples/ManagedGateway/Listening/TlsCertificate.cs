using System.Net.Security;
using As2;
using As2.Certificates;

namespace ManagedGateway.Listening;

/// <summary>
/// A TLS certificate as its file is now: whoever renews it replaces the file, and new connections get the new one within seconds. A file
/// that cannot be read leaves the one before in use. Thread-safe.
/// </summary>
internal sealed partial class TlsCertificate
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(2);

    private readonly string _file;
    private readonly Func<As2Certificate> _load;
    private readonly TimeProvider _clock;
    private readonly Lock _gate = new();
    private SslStreamCertificateContext _current;
    private (DateTime Changed, long Length) _seen;
    private long _lookedAt;

    /// <param name="file">The file that is looked at.</param>
    /// <param name="load">Reads it.</param>
    /// <param name="clock">The clock.</param>
    /// <exception cref="As2Exception">AS2-CERT-*: the file cannot be read; GW-LISTEN-001: it holds no key.</exception>
    public TlsCertificate(string file, Func<As2Certificate> load, TimeProvider clock)
    {
        (_file, _load, _clock) = (file, load, clock);
        (_seen, _lookedAt) = (Stamp(), clock.GetTimestamp());
        _current = Read();
    }

    /// <summary>Takes what is wrong with a changed file.</summary>
    public ILogger? Log { get; set; }

    /// <summary>The certificate with its issuers.</summary>
    public SslStreamCertificateContext Current
    {
        get
        {
            lock (_gate)
            {
                if (_clock.GetElapsedTime(_lookedAt) > s_interval)
                    Look();
                return _current;
            }
        }
    }

    private void Look()
    {
        _lookedAt = _clock.GetTimestamp();
        if (Stamp() is var stamp && stamp == _seen)
            return;
        try
        {
            _current = Read();
            _seen = stamp;
            if (Log is not null)
                LogChanged(Log, _file, _current.TargetCertificate.Thumbprint);
        }
        catch (As2Exception e)
        {
            // Perhaps it is being written: it is looked at again, and said once for each change.
            if (Log is not null)
                LogKept(Log, _file, e.Message);
        }
    }

    private (DateTime, long) Stamp() => new FileInfo(_file) is { Exists: true } file ? (file.LastWriteTimeUtc, file.Length) : default;

    private SslStreamCertificateContext Read()
    {
        var loaded = _load();
        return loaded.Certificate.HasPrivateKey
            ? SslStreamCertificateContext.Create(loaded.Certificate, [.. loaded.Issuers], offline: true)
            : throw new As2Exception("GW-LISTEN-001", $"{_file} holds no private key: a listener needs certificate and key, as PEM or PKCS#12.");
    }

    [LoggerMessage(6001, LogLevel.Warning, "The TLS certificate {File} was read again: {Thumbprint}")]
    private static partial void LogChanged(ILogger logger, string file, string thumbprint);

    [LoggerMessage(6002, LogLevel.Error, "The TLS certificate {File} changed and cannot be used, the one before stays: {Reason}")]
    private static partial void LogKept(ILogger logger, string file, string reason);
}
