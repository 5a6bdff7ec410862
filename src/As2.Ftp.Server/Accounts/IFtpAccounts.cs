using System.Net;

namespace As2.Ftp.Server.Accounts;

/// <summary>Who may sign in. Thread-safe.</summary>
public interface IFtpAccounts
{
    /// <summary>The account of a user with the right password, or null. An unknown user costs the same time as a wrong password.</summary>
    ValueTask<FtpAccount?> SignInAsync(string user, string password, IPEndPoint remote, CancellationToken cancellationToken);
}

/// <summary>A signed-in account.</summary>
/// <param name="Name">Its name, for the audit log and the limit of sessions per account.</param>
/// <param name="Files">What it sees; only this.</param>
public sealed record FtpAccount(string Name, Files.IFtpFiles Files);
