using System.Net;
using As2.Ftp.Server.Accounts;
using As2.Ftp.Server.Files;
using Microsoft.Extensions.Logging;

namespace As2.Ftp.Server.Connections;

/// <summary>What one session remembers between its commands.</summary>
internal sealed class FtpSession(FtpServices services, FtpControl control, IPEndPoint local, IPEndPoint remote) : IDisposable
{
    private PassiveListener? _passive;
    private PassiveListener? _spent;

    /// <summary>For the audit log.</summary>
    public string Id { get; } = Guid.CreateVersion7(services.Clock.GetUtcNow()).ToString("N")[..12] + Random.Shared.Next(0x1000, 0x10000).ToString("x4");

    public FtpServices Services => services;

    public ILogger Log => services.Log;

    public FtpControl Control => control;

    public IPEndPoint Local => local;

    public IPEndPoint Remote => remote;

    /// <summary>What USER said, until PASS.</summary>
    public string? User { get; set; }

    public FtpAccount? Account { get; set; }

    /// <summary>The certificate that signed in, in place of a password; data connections must show it too.</summary>
    public byte[]? Certificate { get; set; }

    /// <summary>The place of the account in the limit of sessions.</summary>
    public IDisposable? Place { get; set; }

    public int FailedSignIns { get; set; }

    public FtpPath Folder { get; set; } = FtpPath.Root;

    /// <summary>PBSZ was said (RFC 4217 §8).</summary>
    public bool BufferAgreed { get; set; }

    /// <summary>PROT P: data connections use TLS.</summary>
    public bool DataIsProtected { get; set; }

    /// <summary>EPSV ALL: no other way to open a data connection from here on (RFC 2428 §4).</summary>
    public bool OnlyExtendedPassive { get; set; }

    public long RestartAt { get; set; }

    public FtpPath? RenameFrom { get; set; }

    /// <summary>What ALLO announced for the next upload.</summary>
    public long? ExpectedLength { get; set; }

    public IFtpFiles Files => Account!.Files;

    public bool MayTalkPlain => services.Options.AllowInsecurePlain;

    public PassiveListener OpenPassive(PassiveListener? listener)
    {
        _passive?.Dispose();
        _passive = listener;
        return listener ?? throw new FtpRefusedException(425, "All ports for data connections are taken; try again later.");
    }

    /// <summary>
    /// The listener of the last EPSV or PASV; it serves one transfer. It stays open until the next command: to a client that has connected
    /// already, a port that is closed before a refusal is read looks like a firewall (curl says so, and not what we said).
    /// </summary>
    public PassiveListener? TakePassive()
    {
        (_spent, _passive) = (_passive, null);
        return _spent;
    }

    /// <summary>Closes the listener of a transfer that was answered.</summary>
    public void CloseSpentPassive() => _spent?.Dispose();

    public void ForgetTransfer() => (RestartAt, ExpectedLength) = (0, null);

    public void Dispose()
    {
        _passive?.Dispose();
        _spent?.Dispose();
        Place?.Dispose();
    }
}
