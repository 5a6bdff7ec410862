using System.Globalization;
using System.Net;
using As2.Headers;

namespace As2.AspNetCore.Configuration;

/// <summary>The kinds of values that settings have.</summary>
internal static class SettingKinds
{
    /// <summary>The word for a value that is left out.</summary>
    public const string None = "none";

    private static readonly (string Unit, long Bytes)[] s_sizes = [("GiB", 1L << 30), ("MiB", 1L << 20), ("KiB", 1L << 10), ("", 1)];

    private static readonly (string Unit, TimeSpan Length)[] s_spans =
        [("ms", TimeSpan.FromMilliseconds(1)), ("d", TimeSpan.FromDays(1)), ("h", TimeSpan.FromHours(1)), ("m", TimeSpan.FromMinutes(1)), ("s", TimeSpan.FromSeconds(1))];

    public static SettingKind<string> Text { get; } = new("text", t => t.Single, v => v);

    public static SettingKind<string?> OptionalText { get; } = new("text", t => t.Single, v => v ?? None);

    public static SettingKind<bool> Flag { get; } = new(
        "true or false", t => bool.TryParse(t.Single, out var value) ? value : throw new FormatException(), v => v ? "true" : "false");

    public static SettingKind<Uri?> Address { get; } = new(
        "an absolute http or https address",
        t => Uri.TryCreate(t.Single, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? address : throw new FormatException(),
        v => v?.OriginalString ?? None);

    public static SettingKind<TimeSpan> Duration { get; } = new("a time such as 90s, 30m, 12h, 3d or 00:30:00", t => ReadDuration(t.Single), Show);

    public static SettingKind<TimeSpan> DurationFrom(TimeSpan least, TimeSpan most) => new(
        $"a time such as 90s, 30m, 12h, from {Show(least)} to {Show(most)}",
        t => ReadDuration(t.Single) is var span && span >= least && span <= most ? span : throw new FormatException(),
        Show);

    public static SettingKind<int> SizeFrom(int least, int most) => new(
        $"a number of bytes, or such as 64KiB, from {Show(least)} to {Show(most)}",
        t => ReadSize(t.Single) is var size && size >= least && size <= most ? (int)size : throw new FormatException(),
        v => Show(v));

    public static SettingKind<int?> OptionalNumber(int least, int most) => new(
        Number(least, most).Accepts, t => Number(least, most).Read(t), v => v is { } number ? Number(least, most).Show(number) : None);

    public static SettingKind<IReadOnlyList<IPNetwork>> Networks { get; } = new(
        "a list of addresses and networks such as 192.0.2.7, 198.51.100.0/24, 2001:db8::/32",
        t => [.. t.List.Select(ReadNetwork)],
        v => v.Count == 0 ? None : string.Join(", ", v));

    public static SettingKind<TimeSpan?> OptionalDuration { get; } = new(Duration.Accepts, t => ReadDuration(t.Single), v => v is { } span ? Show(span) : None);

    public static SettingKind<IReadOnlyList<TimeSpan>> Durations { get; } = new(
        "a list of times such as 1m, 5m, 1h",
        t => [.. t.List.Select(ReadDuration).DefaultIfEmpty().Select(w => w > TimeSpan.Zero ? w : throw new FormatException())],
        v => string.Join(", ", v.Select(Show)));

    public static SettingKind<long> Size { get; } = new("a number of bytes, or such as 64KiB, 50MiB, 10GiB", t => ReadSize(t.Single), Show);

    public static SettingKind<long?> OptionalSize { get; } = new(Size.Accepts, t => ReadSize(t.Single), v => v is { } size ? Show(size) : None);

    public static SettingKind<double> Fraction { get; } = new(
        "a number from 0 to 1",
        t => double.TryParse(t.Single, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value is >= 0 and <= 1 ? value : throw new FormatException(),
        v => v.ToString(CultureInfo.InvariantCulture));

    public static SettingKind<IReadOnlyList<string>> Names { get; } = new("a list of names", t => t.List, v => v.Count == 0 ? None : string.Join(", ", v));

    public static SettingKind<IReadOnlySet<string>> Hosts { get; } = new(
        "a list of host names", t => t.List.ToHashSet(StringComparer.OrdinalIgnoreCase), v => v.Count == 0 ? None : string.Join(", ", v));

    public static SettingKind<EdiintFeatures> Features { get; } = new(
        "a list of feature names", t => new EdiintFeatures(t.List), v => v.Tokens.Count == 0 ? None : v.ToString());

    public static SettingKind<int> Number(int least, int most) => new(
        $"a whole number from {least} to {most}",
        t => int.TryParse(t.Single, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most ? value : throw new FormatException(),
        v => v.ToString(CultureInfo.InvariantCulture));

    public static SettingKind<int> SmallSize { get; } = new(
        Size.Accepts, t => ReadSize(t.Single) is <= int.MaxValue and var value ? (int)value : throw new FormatException(), v => Show(v));

    private static IPNetwork ReadNetwork(string text)
        => IPAddress.TryParse(text, out var one) ? new IPNetwork(one, one.GetAddressBytes().Length * 8)
            : IPNetwork.TryParse(text, out var network) ? network : throw new FormatException();

    private static TimeSpan ReadDuration(string text)
    {
        if (text.Contains(':', StringComparison.Ordinal))
            return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span) && span >= TimeSpan.Zero ? span : throw new FormatException();
        foreach (var (unit, length) in s_spans)
        {
            if (text.EndsWith(unit, StringComparison.OrdinalIgnoreCase) && IsNumber(text[..^unit.Length], out var count) && count <= TimeSpan.MaxValue / length)
                return count * length;
        }
        throw new FormatException();
    }

    private static long ReadSize(string text)
    {
        foreach (var (unit, bytes) in s_sizes)
        {
            if (text.EndsWith(unit, StringComparison.OrdinalIgnoreCase) && IsNumber(text[..^unit.Length].TrimEnd(), out var count) && count <= long.MaxValue / bytes)
                return count * bytes;
        }
        throw new FormatException();
    }

    private static bool IsNumber(string text, out long number)
        => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static string Show(TimeSpan span)
    {
        var (unit, length) = s_spans.OrderByDescending(u => u.Length).FirstOrDefault(u => span.Ticks % u.Length.Ticks == 0, s_spans[^1]);
        return string.Create(CultureInfo.InvariantCulture, $"{span.Ticks / length.Ticks}{unit}");
    }

    private static string Show(long bytes)
    {
        var (unit, size) = s_sizes.First(u => bytes % u.Bytes == 0);
        return string.Create(CultureInfo.InvariantCulture, $"{bytes / size}{unit}");
    }
}
