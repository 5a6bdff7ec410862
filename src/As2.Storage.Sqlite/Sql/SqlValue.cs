using System.Buffers;
using System.Text;
using SQLitePCL;

namespace As2.Storage.Sqlite;

/// <summary>A value of a parameter: a whole number, text, octets, or NULL. SQLite copies it when it is bound.</summary>
internal readonly struct SqlValue
{
    private readonly long _number;
    private readonly string? _text;
    private readonly ReadOnlyMemory<byte>? _octets;
    private readonly bool _isNumber;

    private SqlValue(long number) => (_number, _isNumber) = (number, true);

    private SqlValue(string? text) => _text = text;

    private SqlValue(ReadOnlyMemory<byte>? octets) => _octets = octets;

    /// <summary>The number, where it is one.</summary>
    public long Number => _number;

    public static implicit operator SqlValue(long number) => new(number);

    public static implicit operator SqlValue(string? text) => new(text);

    public static implicit operator SqlValue(ReadOnlyMemory<byte>? octets) => new(octets);

    public int Bind(sqlite3_stmt statement, int place)
    {
        if (_isNumber)
            return raw.sqlite3_bind_int64(statement, place, _number);
        if (_text is not null)
            return Bind(statement, place, _text);
        if (_octets is not { } octets)
            return raw.sqlite3_bind_null(statement, place);
        // An empty span has no address, which SQLite would take for NULL.
        return octets.IsEmpty ? raw.sqlite3_bind_zeroblob(statement, place, 0) : raw.sqlite3_bind_blob(statement, place, octets.Span);
    }

    private static int Bind(sqlite3_stmt statement, int place, string text)
    {
        if (text.Length == 0)
            return raw.sqlite3_bind_text(statement, place, text);
        var utf8 = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        var result = raw.sqlite3_bind_text(statement, place, utf8.AsSpan(0, Encoding.UTF8.GetBytes(text, utf8)));
        ArrayPool<byte>.Shared.Return(utf8);
        return result;
    }
}
