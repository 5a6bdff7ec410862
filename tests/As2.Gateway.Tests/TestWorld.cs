using System.Security.Cryptography;
using System.Text.Json;
using As2.Certificates;
using As2.Ftp;
using As2.Testing;

namespace As2.Gateway.Tests;

/// <summary>A data folder as an operator would write it: settings, keys, one account.</summary>
internal sealed class TestWorld
{
    private const string Account = "tester";
    /// <summary>The account's password.</summary>
    public const string Password = "correct horse battery staple";

    private TestWorld(As2Certificate ftps) => FtpsKey = ftps;

    /// <summary>The certificate of the FTPS listener.</summary>
    public As2Certificate FtpsKey { get; }

    /// <summary>Every pair of the corpus, with agreements that take whatever it holds; payloads go to one inbox.</summary>
    public static TestWorld Corpus(string data)
    {
        var partners = As2.Testing.Corpus.Partners;
        var stations = partners.Where(p => p.Key.StartsWith("Bob", StringComparison.Ordinal));
        return Write(data, new
        {
            Http = new { MaxFailuresPerMinute = 100_000 },
            Stations = stations.ToDictionary(s => s.Key, s => new { Certificate = Key(s.Value, "crt"), Key = Key(s.Value, "key") }),
            Partnerships = stations.SelectMany(s => partners.Where(p => !p.Key.StartsWith("Bob", StringComparison.Ordinal)).Select(p => new
            {
                Local = s.Key,
                Partner = p.Key,
                Certificate = Key(p.Value, "crt"),
                RequireSigned = false,
                RequireEncrypted = false,
                AcceptLegacyAlgorithms = true,
                Routes = new[] { "mailbox:" + Account },
            })).ToArray(),
        }, partners.Keys.First(k => k.StartsWith("Bob", StringComparison.Ordinal)), partners.Keys.First());
    }

    /// <summary>Two stations, one of them with an outside endpoint.</summary>
    public static TestWorld Pair(string data, As2Certificate ours, As2Certificate theirs, Uri endpoint, object? outside = null, string[]? routes = null)
    {
        Directory.CreateDirectory(data);
        File.WriteAllText(Path.Combine(data, "ours.pem"), CertificateFile.ToPem(ours) + CertificateFile.ToKeyPem(ours));
        File.WriteAllText(Path.Combine(data, "theirs.cer"), CertificateFile.ToPem(theirs));
        return Write(data, new
        {
            Stations = new Dictionary<string, object> { ["US"] = new { Certificate = "ours.pem" } },
            Partnerships = new[]
            {
                new
                {
                    Local = "US", Partner = "THEM", Endpoint = endpoint.AbsoluteUri, Certificate = "theirs.cer",
                    Compression = "BeforeSigning", ContentType = "application/EDIFACT", Routes = routes ?? ["mailbox:" + Account],
                },
            },
        }, "US", "THEM", outside);
    }

    /// <summary>Signs in as the account's owner.</summary>
    public Task<FtpClient> ConnectAsync(int port) => FtpClient.ConnectAsync(new FtpClientOptions
    {
        Host = "127.0.0.1",
        Port = port + 1,
        User = Account,
        Password = Password,
        Trust = FtpTrust.Pinned(FtpsKey.Thumbprint),
    });

    /// <summary>Arguments for curl as the account's owner; no shell is involved.</summary>
    public static string[] Curl(int port, params string[] arguments)
        => ["--silent", "--show-error", "--ssl-reqd", "--insecure", "--user", $"{Account}:{Password}", .. arguments.Select(a => a.Replace("FTP", $"ftp://127.0.0.1:{port + 1}", StringComparison.Ordinal))];

    /// <summary>A password as it is kept, with the fewest rounds that are taken: a sign-in costs a tenth of a second less.</summary>
    public static string CheapHash(string password)
    {
        const int Rounds = 1000;
        var salt = RandomNumberGenerator.GetBytes(16);
        var hash = Rfc2898DeriveBytes.Pbkdf2(password, salt, Rounds, HashAlgorithmName.SHA512, 32);
        return $"pbkdf2-sha512${Rounds}${Convert.ToBase64String(salt)}${Convert.ToBase64String(hash)}";
    }

    private static TestWorld Write(string data, object as2, string local, string partner, object? outside = null)
    {
        var ftps = TestKeys.Rsa("ftps");
        Directory.CreateDirectory(Path.Combine(data, "keys"));
        File.WriteAllText(Path.Combine(data, "keys", "ftps.pem"), CertificateFile.ToPem(ftps) + CertificateFile.ToKeyPem(ftps));
        var settings = new
        {
            Accounts = new[] { new { Name = Account, PasswordHash = CheapHash(Password), Local = local, Partner = partner } },
            Outside = outside is null ? [] : new[] { outside },
            As2 = as2,
        };
        File.WriteAllText(Path.Combine(data, "gateway.json"), JsonSerializer.Serialize(settings));
        return new TestWorld(ftps);
    }

    private static string Key(string name, string kind) => As2.Testing.Corpus.PathOf($"keys/{name}.{kind}.pem");
}
