using System.Globalization;
using System.Text.RegularExpressions;
using As2.Payloads;
using As2.Storage;

namespace As2.Routes;

/// <summary>
/// How received payloads are named, with sub-folders: text and fields, <c>{partner}/{date}/{stem}-{unique}{ext}</c>. Fields:
/// <c>{name}</c> the partner's name for the file, <c>{stem}</c> and <c>{ext}</c> its parts (<c>.edi</c>), <c>{id}</c> our identifier of
/// the message, <c>{unique}</c> its last 12 digits, <c>{local}</c> and <c>{partner}</c> the AS2 names, <c>{date}</c> and
/// <c>{time}</c> of the message in UTC (<c>20261123</c>, <c>193000</c>). Every segment of the result is safe by
/// <see cref="FileNamePolicy"/>, whatever a partner wrote. Immutable.
/// </summary>
public sealed partial class FileNamePattern
{
    private static readonly string[] s_naming = ["name", "stem", "id", "unique"];

    private readonly string _pattern;

    private FileNamePattern(string pattern) => _pattern = pattern;

    /// <summary>The partner's name with a part of our identifier: <c>order-4f1c09d2a7b3.edi</c>. Does not collide.</summary>
    public static FileNamePattern Unique { get; } = new("{stem}-{unique}{ext}");

    /// <summary>The partner's name.</summary>
    public static FileNamePattern Original { get; } = new("{name}");

    /// <summary>Reads a pattern.</summary>
    /// <exception cref="As2Exception">AS2-ROUTE-001: an unknown field, an empty segment, or nothing that names the file.</exception>
    public static FileNamePattern Parse(string pattern)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        var segments = pattern.Split('/');
        var fields = Field().Matches(pattern).Select(match => match.Groups[1].Value).ToList();
        if (fields.FirstOrDefault(field => Value(field, new StoredPayload(StoredContent.FromBytes(default), "", null), null) is null) is { } unknown)
            throw Fault($"'{{{unknown}}}' is no field; use name, stem, ext, id, unique, local, partner, date or time");
        if (segments.Any(segment => segment.Trim('.', ' ').Length == 0) || pattern.Contains('\\', StringComparison.Ordinal))
            throw Fault("a segment is empty; write folder/name with single slashes, none at the start");
        return Field().Matches(segments[^1]).Any(match => s_naming.Contains(match.Groups[1].Value))
            ? new FileNamePattern(pattern)
            : throw Fault("every file would have the same name; use {name}, {stem}, {id} or {unique} after the last slash");

        As2Exception Fault(string what) => new("AS2-ROUTE-001", $"The file name pattern '{pattern}' cannot be used: {what}.");
    }

    /// <summary>The pattern as written.</summary>
    public override string ToString() => _pattern;

    /// <summary>The path for a payload: safe segments.</summary>
    public string Format(StoredPayload payload, StoredMessage message)
    {
        ArgumentNullException.ThrowIfNull(payload);
        ArgumentNullException.ThrowIfNull(message);
        var segments = _pattern.Split('/').Select(segment => Field().Replace(segment, match => Value(match.Groups[1].Value, payload, message)!));
        return string.Join('/', segments.Select(segment => FileNamePolicy.MakeSafe(segment.Replace('/', '_').Replace('\\', '_'), message.Id)));
    }

    // Null: no such field. Without a message only the existence of the field is asked.
    private static string? Value(string field, StoredPayload payload, StoredMessage? message)
    {
        var id = message?.Id ?? new string('0', 32);
        var name = FileNamePolicy.MakeSafe(payload.FileName, id + ".dat");
        var time = (message?.Created ?? default).UtcDateTime;
        return field switch
        {
            "name" => name,
            "stem" => Path.GetFileNameWithoutExtension(name),
            "ext" => Path.GetExtension(name),
            "id" => id,
            "unique" => id[^12..],
            "local" => message?.Key.Local.Value ?? "",
            "partner" => message?.Key.Partner.Value ?? "",
            "date" => time.ToString("yyyyMMdd", CultureInfo.InvariantCulture),
            "time" => time.ToString("HHmmss", CultureInfo.InvariantCulture),
            _ => null,
        };
    }

    [GeneratedRegex(@"\{([^{}]*)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Field();
}
