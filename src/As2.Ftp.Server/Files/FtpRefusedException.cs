namespace As2.Ftp.Server.Files;

/// <summary>A refusal that the client is to read: thrown by files and commands, turned into its reply in one place.</summary>
public sealed class FtpRefusedException : Exception
{
    /// <summary>Creates a refusal.</summary>
    /// <param name="code">The reply code (RFC 959 §4.2): 550, 552, 553.</param>
    /// <param name="text">Plain words: what is wrong and what to do.</param>
    public FtpRefusedException(int code, string text)
        : base(text) => Code = code;

    /// <summary>The reply code.</summary>
    public int Code { get; }
}
