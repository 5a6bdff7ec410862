using System.Collections;

namespace As2.Headers;

/// <summary>
/// Header fields in the order they came, names compared without case, several values of one name kept apart.
/// Not thread-safe while it is filled.
/// </summary>
public sealed class HeaderFields : IEnumerable<KeyValuePair<string, string>>
{
    private readonly List<KeyValuePair<string, string>> _fields = [];

    /// <summary>The number of fields.</summary>
    public int Count => _fields.Count;

    /// <summary>The first value of this name, or null.</summary>
    public string? this[string name] => _fields.Find(f => Is(f, name)).Value;

    /// <summary>Every value of this name, in order.</summary>
    public IEnumerable<string> All(string name) => _fields.Where(f => Is(f, name)).Select(f => f.Value);

    /// <summary>Adds a field.</summary>
    /// <exception cref="ArgumentException">Name or value holds CR, LF or NUL: no caller can split our headers.</exception>
    public void Add(string name, string value)
    {
        if (name.AsSpan().IndexOfAny("\r\n\0: ") >= 0 || value.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0)
            throw new ArgumentException($"Header '{name}' holds a character that would split it.", nameof(value));
        _fields.Add(new(name, value));
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => _fields.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static bool Is(KeyValuePair<string, string> field, string name)
        => string.Equals(field.Key, name, StringComparison.OrdinalIgnoreCase);
}
