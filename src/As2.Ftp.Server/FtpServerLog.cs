using System.Net;
using Microsoft.Extensions.Logging;

namespace As2.Ftp.Server;

/// <summary>The audit log of the FTP server: event ids 5000–5099, fixed.</summary>
internal static partial class FtpServerLog
{
    [LoggerMessage(5000, LogLevel.Debug, "FTP session {Session} from {Remote} begins")]
    public static partial void Began(ILogger logger, string session, IPEndPoint remote);

    [LoggerMessage(5001, LogLevel.Debug, "FTP session {Session} ends")]
    public static partial void Ended(ILogger logger, string session);

    [LoggerMessage(5002, LogLevel.Warning, "FTP connection from {Remote} refused: {Reason}")]
    public static partial void TooMany(ILogger logger, IPEndPoint remote, string reason);

    [LoggerMessage(5003, LogLevel.Information, "FTP session {Session}: TLS failed: {Reason}")]
    public static partial void TlsFailed(ILogger logger, string session, string reason);

    [LoggerMessage(5010, LogLevel.Information, "FTP session {Session}: {Account} signed in from {Remote} {How}")]
    public static partial void SignedIn(ILogger logger, string session, string account, IPEndPoint remote, string how);

    [LoggerMessage(5011, LogLevel.Warning, "FTP session {Session}: sign-in of {User} from {Remote} refused")]
    public static partial void SignInRefused(ILogger logger, string session, string user, IPEndPoint remote);

    [LoggerMessage(5012, LogLevel.Warning, "FTP session {Session}: {User} from {Remote} is locked out")]
    public static partial void LockedOut(ILogger logger, string session, string user, IPEndPoint remote);

    [LoggerMessage(5020, LogLevel.Information, "FTP session {Session}: {Account} uploaded {Path}, {Length} bytes: {Outcome}")]
    public static partial void Uploaded(ILogger logger, string session, string account, string path, long length, string outcome);

    [LoggerMessage(5021, LogLevel.Warning, "FTP session {Session}: upload by {Account} of {Path} broke off after {Length} bytes and was discarded: {Reason}")]
    public static partial void UploadBroken(ILogger logger, string session, string account, string path, long length, string reason);

    [LoggerMessage(5022, LogLevel.Information, "FTP session {Session}: {Account} downloaded {Path}, {Length} bytes from {Offset}")]
    public static partial void Downloaded(ILogger logger, string session, string account, string path, long length, long offset);

    [LoggerMessage(5023, LogLevel.Information, "FTP session {Session}: {Account} renamed {From} to {To}: {Outcome}")]
    public static partial void Renamed(ILogger logger, string session, string account, string from, string to, string outcome);

    [LoggerMessage(5024, LogLevel.Information, "FTP session {Session}: {Account} deleted {Path}")]
    public static partial void Deleted(ILogger logger, string session, string account, string path);

    [LoggerMessage(5030, LogLevel.Warning, "FTP session {Session}: a data connection came from {Stranger}, not from the session's address, and was closed")]
    public static partial void StrangeData(ILogger logger, string session, IPAddress stranger);

    [LoggerMessage(5031, LogLevel.Warning, "FTP session {Session}: closed: {Reason}")]
    public static partial void Closed(ILogger logger, string session, string reason);

    [LoggerMessage(5040, LogLevel.Error, "FTP session {Session}: {Verb} failed")]
    public static partial void Fault(ILogger logger, string session, string verb, Exception fault);
}
