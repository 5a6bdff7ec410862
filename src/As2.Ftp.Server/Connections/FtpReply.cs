using System.Text;

namespace As2.Ftp.Server.Connections;

/// <summary>A reply (RFC 959 §4.2). Whatever its text, it is its own line or lines and nothing more.</summary>
internal readonly record struct FtpReply(int Code, string Text)
{
    /// <summary>Lines between the first and the last of a reply of several lines.</summary>
    public IReadOnlyList<string> Between { get; init; } = [];

    /// <summary>The last line of a reply of several lines.</summary>
    public string End { get; init; } = "End";

    /// <summary>True: the session ends after this reply.</summary>
    public bool Closes { get; init; }

    public string ToWire()
    {
        if (Between.Count == 0)
            return $"{Code} {Clean(Text)}\r\n";
        var wire = new StringBuilder($"{Code}-{Clean(Text)}\r\n");
        foreach (var line in Between)
            wire.Append(' ').Append(Clean(line)).Append("\r\n");
        return wire.Append($"{Code} {End}\r\n").ToString();
    }

    /// <summary>Remote text without control characters, for a reply or a log line.</summary>
    public static string Clean(string text) => string.Concat(text.Select(c => char.IsControl(c) ? '?' : c));
}
