using System.Text;

namespace As2.Ftp;

/// <summary>Reads reply lines. A line has at most 4 KiB; what was read beyond it stays buffered.</summary>
internal sealed class FtpLineReader(Stream stream)
{
    private const int MaxLine = 4096;

    private readonly byte[] _buffer = new byte[MaxLine];
    private int _start;
    private int _end;

    /// <summary>Bytes that came ahead of their time. Before TLS they may be a stranger's: RFC 4217 §15.4, CVE-2011-0411.</summary>
    public bool HasBuffered => _start < _end;

    public async ValueTask<string> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var length = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            if (length >= 0)
                return Take(length);
            await FillAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private string Take(int length)
    {
        var line = _buffer.AsSpan(_start, length).TrimEnd((byte)'\r');
        _start += length + 1;
        if (line.ContainsAny((byte)0, (byte)'\r'))
            throw new FtpException(FtpFailure.Protocol, "The server's reply holds a NUL or a bare CR.");
        return Encoding.UTF8.GetString(line);
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }
        if (_end == MaxLine)
            throw new FtpException(FtpFailure.Protocol, $"The server's reply has a line of more than {MaxLine} bytes.");
        var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
        if (read == 0)
            throw new FtpException(FtpFailure.Connection, "The server closed the control connection.");
        _end += read;
    }
}
