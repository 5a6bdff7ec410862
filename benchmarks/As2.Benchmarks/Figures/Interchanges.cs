using System.Globalization;
using System.Text;

namespace As2.Benchmarks.Figures;

/// <summary>Content that looks like EDIFACT.</summary>
internal static class Interchanges
{
    /// <summary>Orders with their numbers, dates and quantities.</summary>
    public static byte[] Of(int size)
    {
        var random = new Random(4130);
        var text = new StringBuilder(size + 200);
        for (var line = 1; text.Length < size; line++)
        {
            text.Append(CultureInfo.InvariantCulture, $"LIN+{line}++{random.NextInt64(4_000_000_000_000, 4_999_999_999_999)}:EN'\r\nQTY+21:{random.Next(1, 500)}:PCE'\r\n");
            text.Append(CultureInfo.InvariantCulture, $"MOA+203:{random.Next(1, 90_000) / 100.0:0.00}'\r\nPRI+AAA:{random.Next(1, 9_000) / 100.0:0.00}'\r\nDTM+2:202611{random.Next(10, 30)}:102'\r\n");
        }
        return Encoding.ASCII.GetBytes(text.ToString(0, size));
    }
}
