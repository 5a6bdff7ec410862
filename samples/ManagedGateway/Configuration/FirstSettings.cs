using System.Text;

namespace ManagedGateway.Configuration;

/// <summary>The settings of a data folder that is new: a console, and nothing else.</summary>
internal static class FirstSettings
{
    private const string Text =
        """
        // Listeners and whatever shall not change by a click stand here; docs/gateway.md says what may. Everything else is made in the console.
        { "Console": {} }

        """;

    /// <summary>Writes them where the folder is missing or empty.</summary>
    /// <returns>False: it is not new.</returns>
    public static bool Write(string data)
    {
        if (Directory.Exists(data) && Directory.EnumerateFileSystemEntries(data).Any())
            return false;
        Directory.CreateDirectory(data);
        File.WriteAllBytes(Path.Combine(data, GatewaySettings.FileName), Encoding.UTF8.GetBytes(Text));
        return true;
    }
}
