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

    /// <summary>The stream itself; when this point is armed, one that passes the point at its second read, with the first block gone.</summary>
    public static Stream Midway(Stream stream, string name) => s_armed && name == s_name ? new Midstream(stream, name) : stream;

    /// <summary>True when this point is armed: where passing it needs a detour.</summary>
    public static bool IsArmed(string name) => s_armed && name == s_name;

    /// <inheritdoc cref="Hit"/>
    public static void HitIfNamed(string? name)
    {
        if (s_armed && name is not null)
            Hit(name);
    }

    private sealed class Midstream(Stream inner, string name) : Stream
    {
        private const int FirstBlock = 512;
        private int _reads;

        public override bool CanRead => true;

        public override bool CanSeek => inner.CanSeek;

        public override bool CanWrite => false;

        public override long Length => inner.Length;

        public override long Position { get => inner.Position; set => inner.Position = value; }

        public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, Pass(count));

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
            => inner.ReadAsync(buffer[..Pass(buffer.Length)], cancellationToken);

        public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

        public override void Flush()
        {
        }

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                inner.Dispose();
            base.Dispose(disposing);
        }

        private int Pass(int count)
        {
            if (++_reads == 2)
                Hit(name);
            return _reads == 1 ? Math.Min(FirstBlock, count) : count;
        }
    }
}
