using Microsoft.Extensions.Logging;

namespace As2.Ftp.Sources;

/// <summary>What sources tell: event ids 5100–5119, fixed.</summary>
internal static partial class FtpSourceLog
{
    [LoggerMessage(5100, LogLevel.Information, "Source {Source}: {File}, {Length} bytes: {Outcome}")]
    public static partial void Taken(ILogger logger, string source, string file, long length, string outcome);

    [LoggerMessage(5101, LogLevel.Warning, "Source {Source}: a look failed, the next one is tried in time: {Reason}")]
    public static partial void LookFailed(ILogger logger, string source, string reason);

    [LoggerMessage(5102, LogLevel.Warning, "Source {Source}: {File} was claimed and not finished; it is taken up again")]
    public static partial void TakenUp(ILogger logger, string source, string file);

    [LoggerMessage(5103, LogLevel.Warning, "Source {Source}: {File} cannot be moved to the claim folder: {Reason}")]
    public static partial void NotClaimed(ILogger logger, string source, string file, string reason);

    [LoggerMessage(5104, LogLevel.Warning, "Source {Source}: {File} grew while it was claimed; it was put back")]
    public static partial void StillGrowing(ILogger logger, string source, string file);

    [LoggerMessage(5105, LogLevel.Warning, "Source {Source}: {File} failed and is left alone for a while: {Reason}")]
    public static partial void FileFailed(ILogger logger, string source, string file, string reason);
}
