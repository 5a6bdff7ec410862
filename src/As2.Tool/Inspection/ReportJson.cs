using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace As2.Tool.Inspection;

/// <summary>The JSON of reports, generated at build time: no reflection at start.</summary>
[JsonSerializable(typeof(Report))]
internal sealed partial class ReportJson : JsonSerializerContext
{
    // Base64 and AS2 names stay readable; the output goes to a terminal or a file, never into a page.
    private static readonly ReportJson s_readable = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <summary>One line.</summary>
    public static string Write(Report report) => JsonSerializer.Serialize(report, s_readable.Report);
}
