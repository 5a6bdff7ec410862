using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace As2.Ftp.Server.Accounts;

/// <summary>Who may sign in. Thread-safe.</summary>
public interface IFtpAccounts
{
    /// <summary>The account of a user with the right password, or null. An unknown user costs the same time as a wrong password.</summary>
    ValueTask<FtpAccount?> SignInAsync(string user, string password, IPEndPoint remote, CancellationToken cancellationToken);
}

/// <summary>Accounts that also take a client's certificate in place of a password. Implemented beside <see cref="IFtpAccounts"/>. Thread-safe.</summary>
public interface IFtpCertificateAccounts
{
    /// <summary>The account of a user whose certificate this is, or null: the password is asked. The client has proved that it holds the key.</summary>
    ValueTask<FtpAccount?> SignInAsync(string user, X509Certificate2 certificate, IPEndPoint remote, CancellationToken cancellationToken);
}

/// <summary>A signed-in account.</summary>
/// <param name="Name">Its name, for the audit log and the limit of sessions per account.</param>
/// <param name="Files">What it sees; only this.</param>
public sealed record FtpAccount(string Name, Files.IFtpFiles Files);
