using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using As2.Certificates;

namespace ManagedGateway.Configuration.Desks;

/// <summary>A certificate of a station or a partnership as its entry names it.</summary>
/// <param name="Id">Names it in changes; null: its file is none that is saved here.</param>
/// <param name="Subject">Whose.</param>
/// <param name="Sha256">Its fingerprint.</param>
/// <param name="For">What for; null: as by default.</param>
/// <param name="From">Start of our use of it.</param>
/// <param name="Until">End of our use of it.</param>
/// <param name="Ends">Its own end of validity.</param>
/// <param name="HasKey">Its private key is here.</param>
public sealed record HeldCertificate(
    string? Id, string Subject, string Sha256, string? For, DateTimeOffset From, DateTimeOffset Until, DateTimeOffset Ends, bool HasKey);

/// <summary>Certificates as blocks of settings, as docs/settings.md has them.</summary>
internal static class CertificateText
{
    /// <summary>The block that names a saved certificate.</summary>
    public static JsonObject Block(EntryName certificate, string? use, DateTimeOffset? from, DateTimeOffset? until)
    {
        var block = new JsonObject { ["File"] = ManagedCertificate.FileOf(certificate.Key) };
        if (use is not null)
            block["For"] = use;
        return Window(block, from, until);
    }

    /// <summary>Sets the window of a block.</summary>
    public static JsonObject Window(JsonObject block, DateTimeOffset? from, DateTimeOffset? until)
    {
        Put(block, "From", from);
        Put(block, "Until", until);
        return block;
    }

    /// <summary>The list of blocks of an entry.</summary>
    public static JsonArray ListOf(JsonObject entry)
    {
        if (entry["Certificates"] is JsonArray list)
            return list;
        var made = new JsonArray();
        entry["Certificates"] = made;
        return made;
    }

    /// <summary>The blocks of a list that name this saved certificate.</summary>
    public static IReadOnlyList<JsonObject> BlocksOf(JsonArray list, string id)
        => [.. list.OfType<JsonObject>().Where(b => b["File"]?.ToString() == ManagedCertificate.FileOf(id))];

    /// <summary>Every certificate of an entry, whatever form it is written in.</summary>
    public static IReadOnlyList<HeldCertificate> Held(MergedSettings settings, JsonObject? entry)
    {
        var held = new List<HeldCertificate>();
        foreach (var (file, block, certificate) in Open(settings, entry))
        {
            using (certificate)
            {
                held.Add(new HeldCertificate(
                    ManagedCertificate.TryIdOf(file, out var id) ? id : null, certificate.Certificate.Subject, certificate.Thumbprint, block?["For"]?.ToString(),
                    Moment(block, "From") ?? certificate.NotBefore, Moment(block, "Until") ?? certificate.NotAfter, certificate.NotAfter, certificate.Certificate.HasPrivateKey));
            }
        }
        return held;
    }

    /// <summary>The certificates of an entry, to be disposed of; one that cannot be read is left out: the engine tells of it.</summary>
    public static IEnumerable<(string File, JsonObject? Block, As2Certificate Certificate)> Open(MergedSettings settings, JsonObject? entry)
    {
        foreach (var (file, block) in Named(entry))
        {
            var password = block?["Password"]?.ToString() ?? (block is null ? entry?["Password"]?.ToString() : null);
            if (TryOpen(settings, file, password) is { } certificate)
                yield return (file, block, certificate);
        }
    }

    private static As2Certificate? TryOpen(MergedSettings settings, string file, string? password)
    {
        try
        {
            return CertificateFile.Parse(settings.ReadFile(file), password);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            return null;
        }
    }

    private static IEnumerable<(string File, JsonObject? Block)> Named(JsonObject? entry)
    {
        foreach (var item in entry?["Certificate"] is JsonArray list ? list.AsEnumerable() : entry?["Certificate"] is { } one ? [one] : [])
            yield return (item!.ToString(), null);
        foreach (var item in entry?["Certificates"] as JsonArray ?? [])
        {
            if (item is JsonObject block && block["File"] is { } file)
                yield return (file.ToString(), block);
            else if (item is JsonValue name)
                yield return (name.ToString(), null);
        }
    }

    private static DateTimeOffset? Moment(JsonObject? block, string name)
        => DateTimeOffset.TryParse(block?[name]?.ToString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var moment) ? moment : null;

    private static void Put(JsonObject block, string name, DateTimeOffset? moment)
    {
        if (moment is { } at)
            block[name] = at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        else
            block.Remove(name);
    }
}
