using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using As2;
using As2.Certificates;
using ManagedGateway.Configuration;

namespace ManagedGateway.Secrets;

/// <summary>
/// Passes every secret to another key. While it is under way <c>secret.rotation</c> holds each of both keys sealed under the other: whoever
/// has one of them opens everything, so that it may end at any point, and be called again. Only when all is done the file goes, and with it
/// what the old key opens.
/// </summary>
/// <param name="data">The data folder.</param>
/// <param name="store">What console and API saved; opened when both keys are at hand.</param>
/// <param name="also">Passes what else there is from one box to the other.</param>
internal sealed class SecretRotation(string data, Func<IManagedStore> store, Func<SecretBox, SecretBox, int>? also = null)
{
    public const string FileName = "secret.rotation";

    private const string New = "new", Old = "old";

    // The store's own, which hold no secrets: its lock is held, too.
    private static readonly string[] s_folders = ["blobs", "spool"], s_files = [FileName, "lock", "backup.lock"];

    /// <summary>The key besides this one while a rotation is under way, or null.</summary>
    public static byte[]? OtherKey(string data, byte[] key) => Find(data, key) is { } found ? found.Other : null;

    /// <summary>Begins, or goes on.</summary>
    /// <param name="wanted">The key to pass to; null: one that is made here.</param>
    /// <returns>How many secrets passed.</returns>
    /// <exception cref="As2Exception">GW-SECRET-001, -002, -004.</exception>
    public int Run(byte[]? wanted)
    {
        var key = SecretKey.Load(data);
        if (wanted is not null && CryptographicOperations.FixedTimeEquals(wanted, key) && Find(data, key) is null)
            throw new As2Exception("GW-SECRET-004", "The new key is the present one: nothing is to be done.");
        var (old, next) = Begin(key, wanted);
        var (from, to) = (new SecretBox(data), SecretBox.Of(next));
        var passed = SettingsSecrets.Rewrite(Path.Combine(data, GatewaySettings.FileName), (name, text) => SecretBox.IsSealed(text) ? to.Rewrap(text, from, GatewaySettings.FileName, name) : null);
        passed += Directory.EnumerateFiles(data, "*", SearchOption.AllDirectories).Where(IsOurs).Count(path => new SealedFiles(data, from).Pass(path, to));
        passed += PassSaved(store(), from, to) + (also?.Invoke(from, to) ?? 0);
        if (SecretKey.IsOwn(data))
            SecretKey.Replace(data, next);
        File.Delete(Path.Combine(data, FileName));
        CryptographicOperations.ZeroMemory(old);
        return passed;
    }

    private (byte[] Old, byte[] New) Begin(byte[] key, byte[]? wanted)
    {
        if (Find(data, key) is { } under)
        {
            var (old, next) = under.IsNew ? (under.Other, key) : (key, under.Other);
            return wanted is null || CryptographicOperations.FixedTimeEquals(wanted, next)
                ? (old, next)
                : throw new As2Exception("GW-SECRET-004", "A change to another key is under way: finish it first, with that key or without --new-key.");
        }
        if (wanted is null && !SecretKey.IsOwn(data))
            throw new As2Exception("GW-SECRET-004", "The present key does not lie in the data folder, so the new one must not either: make it with 'openssl rand -base64 32' and name its file with --new-key.");
        var made = wanted ?? SecretKey.New();
        var path = Path.Combine(data, FileName);
        CertificateFile.WriteSecret(path + ".new", Encoding.ASCII.GetBytes($"{SecretBox.Of(key).Seal(made, FileName, New)}\n{SecretBox.Of(made).Seal(key, FileName, Old)}\n"));
        File.Move(path + ".new", path, overwrite: true);
        return (key, made);
    }

    private static (byte[] Other, bool IsNew)? Find(string data, byte[] key)
    {
        var path = Path.Combine(data, FileName);
        if (!File.Exists(path))
            return null;
        var (lines, box) = (File.ReadAllLines(path), SecretBox.Of(key));
        foreach (var (line, kind) in lines.Zip([New, Old]))
        {
            try
            {
                return (box.Open(line, FileName, kind), kind == Old);
            }
            catch (As2Exception)
            {
                // The other line is for this key.
            }
        }
        throw new As2Exception("GW-SECRET-002", $"Neither of the two keys between which {FileName} stands is here: put one of them back.");
    }

    private static bool IsOurs(string path)
    {
        Span<byte> start = stackalloc byte[10];
        if (s_files.Contains(Path.GetFileName(path)) || s_folders.Any(folder => path.Contains($"{Path.DirectorySeparatorChar}{folder}{Path.DirectorySeparatorChar}", StringComparison.Ordinal)))
            return false;
        using var file = File.OpenRead(path);
        return file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && SecretBox.IsSealed(start);
    }

    /// <summary>What console and API saved, in one transaction.</summary>
    private static int PassSaved(IManagedStore store, SecretBox from, SecretBox to)
    {
        while (true)
        {
            var (state, puts, passed) = (store.Read(), new List<ManagedEntry>(), 0);
            foreach (var (name, body) in state.Entries)
            {
                var copy = body.DeepClone().AsObject();
                var count = Pass(copy, name.ToString(), from, to);
                passed += count;
                if (count > 0)
                    puts.Add(new ManagedEntry(name, copy));
            }
            if (puts.Count == 0 || store.Commit(new ManagedCommit(state.Version, puts, []) { Audit = ("gateway rekey", "secrets.rekey", "configuration", $"{passed} secrets pass to another key") }))
                return passed;
        }
    }

    private static int Pass(JsonNode? node, string id, SecretBox from, SecretBox to)
    {
        if (node is JsonArray items)
            return items.Sum(item => Pass(item, id, from, to));
        var passed = 0;
        foreach (var (name, value) in (node as JsonObject)?.ToList() ?? [])
        {
            if (value is not JsonValue text || !text.TryGetValue<string>(out var secret) || !SecretBox.IsSealed(secret))
                passed += Pass(value, id, from, to);
            else if (to.Rewrap(secret, from, id, name) is { } anew)
            {
                node![name] = anew;
                passed++;
            }
        }
        return passed;
    }
}
