using System.Globalization;

namespace As2.Ftp.Server.Files;

/// <summary>Writes entries: MLSD facts (RFC 3659 §7) and the form of <c>ls -l</c>, which is what LIST became by custom.</summary>
internal static class FtpListFormat
{
    public static string Facts(FtpEntry entry) => entry.IsFolder
        ? $"type=dir;modify={Time(entry.Modified)};perm=el;"
        : $"type=file;size={entry.Length};modify={Time(entry.Modified)};perm=dfr;";

    public static string Mlsd(FtpEntry entry) => $"{Facts(entry)} {entry.Name}";

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);

    public static string List(FtpEntry entry, DateTimeOffset now)
    {
        var time = entry.Modified.UtcDateTime;
        var recent = now - entry.Modified < TimeSpan.FromDays(180) && entry.Modified <= now.AddDays(1);
        var date = time.ToString(recent ? "MMM dd HH:mm" : "MMM dd  yyyy", CultureInfo.InvariantCulture);
        return $"{(entry.IsFolder ? "drwxr-xr-x" : "-rw-r--r--")} 1 owner group {entry.Length,14} {date} {entry.Name}";
    }
}
