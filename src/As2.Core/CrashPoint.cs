using System.Globalization;

namespace As2;

/// <summary>
/// A named place at which a crash test may kill this process, as a power cut would. Armed by the environment variable
/// <c>AS2_CRASH_POINT=name:count</c>: the count-th hit of that name kills. Otherwise nothing but one branch.
/// </summary>
internal static class CrashPoint
{
    private static readonly string? s_name;
    private static readonly bool s_armed;
    private static int s_hitsLeft;

    static CrashPoint()
    {
        var parts = Environment.GetEnvironmentVariable("AS2_CRASH_POINT")?.Split(':');
        if (parts is not { Length: > 0 } || parts[0].Length == 0)
            return;
        s_name = parts[0];
        s_hitsLeft = parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 1;
        s_armed = true;
    }

    /// <summary>Passes the point, or never returns.</summary>
    /// <param name="name">As in the crash tables: <c>I4</c>, <c>D2</c>, <c>O5</c>.</param>
    public static void Hit(string name)
    {
        if (s_armed && name == s_name && Interlocked.Decrement(ref s_hitsLeft) == 0)
            Libc.KillSelf();
    }

    /// <inheritdoc cref="Hit"/>
    public static void HitIfNamed(string? name)
    {
        if (s_armed && name is not null)
            Hit(name);
    }
}
