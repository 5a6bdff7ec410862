using System.Buffers;
using System.Text;
using System.Text.Json;
using As2.Certificates;

namespace ManagedGateway.Secrets;

/// <summary>Replaces values in <c>gateway.json</c>; all its other octets, comments too, stay as they are.</summary>
internal static class SettingsSecrets
{
    private static readonly JsonReaderOptions s_lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Writes the file anew, whole or not at all, where something is replaced.</summary>
    /// <param name="path">The file.</param>
    /// <param name="replace">Gives the new text for a member's name and text; null: it stays.</param>
    /// <returns>How many were replaced.</returns>
    public static int Rewrite(string path, Func<string, string, string?> replace)
    {
        var content = File.ReadAllBytes(path);
        var offset = content.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? 3 : 0;
        var (written, from, count, name) = (new ArrayBufferWriter<byte>(content.Length), 0, 0, "");
        var reader = new Utf8JsonReader(content.AsSpan(offset), s_lenient);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName)
                name = reader.GetString()!;
            else if (reader.TokenType == JsonTokenType.String && replace(name, reader.GetString()!) is { } text)
            {
                written.Write(content.AsSpan(from, offset + (int)reader.TokenStartIndex - from));
                written.Write(JsonSerializer.SerializeToUtf8Bytes(text));
                (from, count) = (offset + (int)reader.BytesConsumed, count + 1);
            }
        }
        if (count == 0)
            return 0;
        written.Write(content.AsSpan(from));
        CertificateFile.WriteSecret(path + ".new", written.WrittenSpan);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path + ".new", File.GetUnixFileMode(path));
        File.Move(path + ".new", path, overwrite: true);
        return count;
    }
}
