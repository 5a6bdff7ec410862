using System.Net.Sockets;
using Renci.SshNet.Common;

namespace As2.Ftp.Sftp;

/// <summary>What a failure of SSH.NET means to our caller.</summary>
internal static class SftpFailure
{
    private const int DiskFull = 14;

    public static Exception From(Exception failure, string what) => failure switch
    {
        SftpPathNotFoundException => Make(FtpFailure.Refused, 550, failure, what),
        SftpPermissionDeniedException => Make(FtpFailure.Refused, 550, failure, what),
        // SSH_FX_FAILURE is all that version 3 of the protocol says about a full disk and about a taken name.
        SftpException refused => Make((int)refused.StatusCode == DiskFull ? FtpFailure.Busy : FtpFailure.Refused, 0, failure, what),
        SshAuthenticationException => Make(FtpFailure.SignIn, 530, failure, what),
        SshOperationTimeoutException => Make(FtpFailure.Timeout, 0, failure, what),
        SshConnectionException or SocketException or ObjectDisposedException or ProxyException => Make(FtpFailure.Connection, 0, failure, what),
        SshException => Make(FtpFailure.Protocol, 0, failure, what),
        _ => failure,
    };

    private static FtpException Make(FtpFailure kind, int code, Exception failure, string what) => new(kind, $"{what}: {failure.Message}", code, failure);
}
