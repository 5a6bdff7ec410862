using System.Text;
using As2.Headers;
using As2.Layers;

namespace As2.Storage;

/// <summary>Header fields as a column keeps them: one per line. No field can hold a line break, so the way back is exact.</summary>
internal static class HeaderText
{
    public static string Write(HeaderFields headers)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in headers)
            text.Append(name).Append(": ").Append(value).Append('\n');
        return text.ToString();
    }

    public static HeldOctets Hold(HeaderFields headers)
    {
        using var text = new PooledBuffer();
        headers.Write(text, "\n"u8);
        return HeldBlock.Hold(text.Span);
    }

    public static HeaderFields Read(string text)
    {
        var headers = new HeaderFields();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = line.IndexOf(": ", StringComparison.Ordinal);
            headers.Add(line[..colon], line[(colon + 2)..]);
        }
        return headers;
    }
}
