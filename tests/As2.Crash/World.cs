using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using As2.Agreements;
using As2.Certificates;
using As2.Ftp;
using As2.Testing;

namespace As2.Crash;

/// <summary>
/// The parties: our station US, the partner SYNC with receipts on the connection, the partner ASYNC with receipts posted later; an
/// account for each, and an account on an outside FTPS server.
/// </summary>
internal static class World
{
    public const string Us = "US", Sync = "SYNC", Async = "ASYNC", OutsideUser = "outside";

    // Few rounds: hashing passwords is not what is tried here.
    private const int Rounds = 1000;

    /// <summary>The account for messages with this partner.</summary>
    public static string Account(string partner) => partner.ToLowerInvariant();

    public static string Password(string user) => "password of " + user;

    public static string PasswordHash(string user)
    {
        var salt = Encoding.ASCII.GetBytes(user.PadRight(16, '-'));
        var hash = Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(Password(user)), salt, Rounds, HashAlgorithmName.SHA512, 32);
        return $"pbkdf2-sha512${Rounds}${Convert.ToBase64String(salt)}${Convert.ToBase64String(hash)}";
    }

    /// <summary>Signs in to a server of this world.</summary>
    public static FtpClientOptions Client(int port, string user, string data) => new()
    {
        Host = "127.0.0.1",
        Port = port,
        User = user,
        Password = Password(user),
        Trust = FtpTrust.Pinned(CertificateFile.Load(Path.Combine(data, "keys", "ftps.pem")).Thumbprint),
    };

    /// <summary>Writes the gateway's data folder.</summary>
    /// <param name="data">The folder.</param>
    /// <param name="gatewayPort">Where it is reached.</param>
    /// <param name="partnerPort">Where the partners are.</param>
    /// <param name="store">The section Store, or null.</param>
    public static void Write(string data, int gatewayPort, int partnerPort, object? store = null)
    {
        Directory.CreateDirectory(Path.Combine(data, "keys"));
        foreach (var name in (string[])[Us, Sync, Async, "ftps"])
        {
            var key = TestKeys.Rsa(name);
            File.WriteAllText(Path.Combine(data, "keys", name + ".pem"), CertificateFile.ToPem(key) + CertificateFile.ToKeyPem(key));
            File.WriteAllText(Path.Combine(data, "keys", name + ".cer"), CertificateFile.ToPem(key));
        }
        var settings = new
        {
            Store = store,
            Accounts = ((string[])[Sync, Async]).Select(p => new { Name = Account(p), PasswordHash = PasswordHash(Account(p)), Local = Us, Partner = p }),
            As2 = new
            {
                Stations = new Dictionary<string, object> { [Us] = new { Certificate = "keys/US.pem" } },
                Partnerships = new[]
                {
                    Agreement(Sync, partnerPort, null, "mailbox:" + Account(Sync), GatewayProgram.OutsideRoute),
                    Agreement(Async, partnerPort, $"http://127.0.0.1:{gatewayPort}/as2", "mailbox:" + Account(Async)),
                },
            },
        };
        File.WriteAllText(Path.Combine(data, "gateway.json"), JsonSerializer.Serialize(settings));
    }

    /// <summary>The partners' side.</summary>
    public static PartnershipBook Partners(int gatewayPort, int partnerPort) => new PartnershipBook()
        .Add(Theirs(Sync, gatewayPort, null), Keys(Sync))
        .Add(Theirs(Async, gatewayPort, new Uri($"http://127.0.0.1:{partnerPort}/as2")), Keys(Async));

    private static object Agreement(string partner, int partnerPort, string? receiptUrl, params string[] routes) => new
    {
        Local = Us, Partner = partner, Endpoint = $"http://127.0.0.1:{partnerPort}/as2", Certificate = $"keys/{partner}.cer", ReceiptUrl = receiptUrl, ReceiptDeadline = "3s", Routes = routes,
    };

    private static Partnership Theirs(string name, int gatewayPort, Uri? receipts) => new()
    {
        Local = new As2Identifier(name),
        Partner = new As2Identifier(Us),
        Endpoint = new Uri($"http://127.0.0.1:{gatewayPort}/as2"),
        Receipt = new ReceiptAgreement { AsynchronousUrl = receipts },
    };

    private static PartnershipCertificates Keys(string name) => PartnershipCertificates.Of(TestKeys.Rsa(name), TestKeys.PublicOf(TestKeys.Rsa(Us)));
}
