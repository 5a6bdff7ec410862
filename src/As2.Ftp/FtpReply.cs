namespace As2.Ftp;

/// <summary>A server's reply (RFC 959 §4.2): its code and its lines without the code.</summary>
internal readonly record struct FtpReply(int Code, IReadOnlyList<string> Lines)
{
    public string Text => Lines[^1];

    public bool IsPreliminary => Code / 100 == 1;

    public bool IsPositive => Code / 100 == 2;

    public bool IsIntermediate => Code / 100 == 3;

    public FtpException ToException(string command)
        => new(Code / 100 == 4 ? FtpFailure.Busy : FtpFailure.Refused, $"{command}: {Code} {Text}", Code);
}
