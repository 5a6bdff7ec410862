namespace As2.Ftp;

/// <summary>Why an FTP operation failed; it decides what the caller does next.</summary>
public enum FtpFailure
{
    /// <summary>The server refused for good (5yz): the same command will fail again. The connection goes on.</summary>
    Refused,

    /// <summary>The server refused for now (4yz): later may work. The connection goes on.</summary>
    Busy,

    /// <summary>No connection, or it broke. Connect again.</summary>
    Connection,

    /// <summary>A command or a block took longer than allowed. Connect again.</summary>
    Timeout,

    /// <summary>The server's certificate is not trusted, or TLS was refused. A person must look.</summary>
    Trust,

    /// <summary>User name or password was refused. A person must look.</summary>
    SignIn,

    /// <summary>The server broke the protocol, or a file came incomplete.</summary>
    Protocol,
}

/// <summary>A failed FTP operation, split by what the caller must do next.</summary>
public sealed class FtpException : IOException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="failure">The kind.</param>
    /// <param name="message">Names the command and the server's words; no secret.</param>
    /// <param name="code">The server's reply code, or 0.</param>
    /// <param name="inner">The cause, when there is one.</param>
    public FtpException(FtpFailure failure, string message, int code = 0, Exception? inner = null)
        : base(message, inner) => (Failure, Code) = (failure, code);

    /// <summary>The kind of failure.</summary>
    public FtpFailure Failure { get; }

    /// <summary>The server's reply code (RFC 959 §4.2), or 0 when there was none.</summary>
    public int Code { get; }

    /// <summary>True when a later attempt may work without a person's help.</summary>
    public bool IsTransient => Failure is FtpFailure.Busy or FtpFailure.Connection or FtpFailure.Timeout or FtpFailure.Protocol;
}
