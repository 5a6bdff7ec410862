using System.Globalization;

namespace As2.Ftp;

/// <summary>Reads directory listings, which are remote text: MLSD (RFC 3659 §7) and the two usual forms of LIST.</summary>
internal static class FtpListing
{
    /// <summary>One line of MLSD or MLST: <c>fact=value;fact=value; name</c>. Null: the folder itself, its parent, or no entry.</summary>
    public static RemoteFile? ReadMlsd(string line)
    {
        var blank = line.IndexOf(' ', StringComparison.Ordinal);
        if (blank < 0 || !IsName(line[(blank + 1)..]))
            return null;
        var facts = line[..blank].Split(';', StringSplitOptions.RemoveEmptyEntries)
            .Select(fact => fact.Split('=', 2)).Where(fact => fact.Length == 2)
            .GroupBy(fact => fact[0], StringComparer.OrdinalIgnoreCase)
            .ToDictionary(facts => facts.Key, facts => facts.First()[1], StringComparer.OrdinalIgnoreCase);
        var type = facts.GetValueOrDefault("type", "file");
        if (type.Equals("cdir", StringComparison.OrdinalIgnoreCase) || type.Equals("pdir", StringComparison.OrdinalIgnoreCase))
            return null;
        return new RemoteFile(
            line[(blank + 1)..], ReadLength(facts.GetValueOrDefault("size")), ReadTime(facts.GetValueOrDefault("modify")),
            type.Equals("dir", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>All lines of LIST; null when one of them is in no form that we know.</summary>
    public static IReadOnlyList<RemoteFile>? ReadList(IEnumerable<string> lines)
    {
        var files = new List<RemoteFile>();
        foreach (var line in lines)
        {
            if (line.Length == 0 || line.StartsWith("total ", StringComparison.Ordinal))
                continue;
            if ((ReadUnix(line) ?? ReadDos(line)) is not { } file)
                return null;
            if (IsName(file.Name))
                files.Add(file);
        }
        return files;
    }

    /// <summary>A time of MDTM or MLSD: <c>YYYYMMDDHHMMSS[.sss]</c>, UTC (RFC 3659 §2.3).</summary>
    public static DateTimeOffset? ReadTime(string? text)
        => text is { Length: >= 14 } && DateTimeOffset.TryParseExact(
            text[..14], "yyyyMMddHHmmss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    public static long? ReadLength(string? text)
        => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var length) ? length : null;

    // -rw-r--r--   1 owner group   1234 Nov 23 19:30 name with blanks
    private static RemoteFile? ReadUnix(string line)
    {
        if (line.Length < 10 || !"-dlbcps".Contains(line[0], StringComparison.Ordinal) || !"r-".Contains(line[1], StringComparison.Ordinal))
            return null;
        var at = 0;
        var words = new string[8];
        for (var i = 0; i < words.Length; i++)
        {
            while (at < line.Length && line[at] == ' ')
                at++;
            var end = line.IndexOf(' ', at);
            if (end < 0)
                return null;
            (words[i], at) = (line[at..end], end);
        }
        if (words[6].Length > 2 || ReadLength(words[4]) is not { } length)
            return null;
        var name = line[(at + 1)..];
        if (line[0] == 'l' && name.IndexOf(" -> ", StringComparison.Ordinal) is > 0 and var arrow)
            name = name[..arrow];
        return new RemoteFile(name, line[0] == '-' ? length : null, null, line[0] == 'd');
    }

    // 11-23-26  07:30PM       <DIR>          name      or      11-23-2026  07:30PM   1234 name
    private static RemoteFile? ReadDos(string line)
    {
        var words = line.Split(' ', 4, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (words.Length < 4 || words[0].Split('-').Length != 3 || !words[1].Contains(':', StringComparison.Ordinal))
            return null;
        var isFolder = words[2] == "<DIR>";
        var length = ReadLength(words[2]);
        return isFolder || length is not null ? new RemoteFile(words[3], length, null, isFolder) : null;
    }

    /// <summary>A name that may be handed back to the server as a name in that folder.</summary>
    public static bool IsName(string name)
        => name.Length > 0 && name is not ("." or "..") && !name.AsSpan().ContainsAny('/', '\0');
}
