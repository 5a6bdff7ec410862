using System.Text;

namespace As2.Ftp.Server.Connections;

/// <summary>Reads command lines of at most 4 KiB, without Telnet commands (RFC 959 §5.3, RFC 854).</summary>
internal sealed class FtpLineReader(Stream stream)
{
    public const int MaxLine = 4096;

    private const byte Iac = 0xFF;

    private readonly byte[] _buffer = new byte[MaxLine];
    private int _start;
    private int _end;

    /// <summary>Bytes that came ahead of their time. Before TLS they may be a stranger's (CVE-2011-0411).</summary>
    public bool HasBuffered => _start < _end;

    /// <summary>The next line; null at the end of the connection.</summary>
    /// <exception cref="InvalidDataException">The line is too long.</exception>
    public async Task<string?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var length = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            if (length >= 0)
                return Take(length);
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
            if (_end == MaxLine)
                throw new InvalidDataException($"A command line has at most {MaxLine} bytes.");
            var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
            if (read == 0)
                return null;
            _end += read;
        }
    }

    private string Take(int length)
    {
        var line = WithoutTelnet(_buffer.AsSpan(_start, length).TrimEnd((byte)'\r'));
        _start += length + 1;
        return Encoding.UTF8.GetString(line);
    }

    // IAC WILL|WONT|DO|DONT option, or IAC command. 0xFF is in no UTF-8 text, so nothing is lost.
    private static Span<byte> WithoutTelnet(Span<byte> line)
    {
        var kept = 0;
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == Iac)
                i += i + 1 < line.Length && line[i + 1] is >= 251 and <= 254 ? 2 : 1;
            else
                line[kept++] = line[i];
        }
        return line[..kept];
    }
}
