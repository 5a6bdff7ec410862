using System.CommandLine;
using System.Globalization;
using As2.Certificates;
using As2.Payloads;
using As2.Tool.Cli;

namespace As2.Tool.Commands;

/// <summary><c>as2 keys new</c>: makes a key with its self-signed certificate, in every form that partners ask for.</summary>
internal static class KeysCommand
{
    // Partners' clocks differ: a certificate that begins now would be refused by whoever is behind.
    private static readonly TimeSpan s_clockSkew = TimeSpan.FromHours(1);

    private static readonly Dictionary<string, CertificateKeyKind> s_kinds = new(StringComparer.OrdinalIgnoreCase)
    {
        ["rsa2048"] = CertificateKeyKind.Rsa2048, ["rsa3072"] = CertificateKeyKind.Rsa3072, ["rsa4096"] = CertificateKeyKind.Rsa4096,
        ["ecp256"] = CertificateKeyKind.P256, ["ecp384"] = CertificateKeyKind.P384, ["ecp521"] = CertificateKeyKind.P521,
    };

    public static Command Create() => new("keys", "Makes keys and certificates.") { CreateNew() };

    private static Command CreateNew()
    {
        var name = new Argument<string>("NAME") { Description = "The common name of the certificate, and the start of the files' names." };
        var folder = new Option<DirectoryInfo>("--out") { Description = "The folder for the files.", HelpName = "DIR", DefaultValueFactory = _ => new DirectoryInfo(".") };
        var rsa = new Option<string>("--rsa") { Description = "An RSA key of 2048, 3072 (default) or 4096 bits.", HelpName = "BITS" };
        var ec = new Option<string>("--ec") { Description = "An elliptic-curve key: p256, p384 or p521.", HelpName = "CURVE" };
        var days = new Option<int>("--days") { Description = "Days of validity.", DefaultValueFactory = _ => (int)CertificateFactory.DefaultLifetime.TotalDays };
        var password = new Option<string>("--password") { Description = "Password of the PKCS#12 file; empty by default.", HelpName = "TEXT" };
        rsa.AcceptOnlyFromAmong("2048", "3072", "4096");
        ec.AcceptOnlyFromAmong("p256", "p384", "p521");
        var command = new Command("new", "Makes a key and its self-signed certificate: PEM key, PEM and DER certificate, PKCS#12, PKCS#7.") { name, folder, rsa, ec, days, password };
        command.Validators.Add(result =>
        {
            if (result.GetResult(rsa) is not null && result.GetResult(ec) is not null)
                result.AddError("Choose --rsa or --ec, not both.");
        });
        days.Validators.Add(result =>
        {
            if (!result.Implicit && result.Tokens is [var token] && (!int.TryParse(token.Value, CultureInfo.InvariantCulture, out var count) || count is < 1 or > 36500))
                result.AddError("--days is a number from 1 to 36500.");
        });
        Examples.Add(
            command,
            "as2 keys new me                                  RSA 3072, three years",
            "as2 keys new \"ACME Corp\" --out keys --days 730   give ACME_Corp.crt.pem to your partners",
            "as2 keys new me --ec p256                        few products take EC keys: ask first");
        command.SetAction(result =>
        {
            var kind = s_kinds[result.GetValue(ec) is { } curve ? $"ec{curve}" : $"rsa{result.GetValue(rsa) ?? "3072"}"];
            var lifetime = TimeSpan.FromDays(result.GetValue(days));
            using var made = CertificateFactory.CreateSelfSigned(result.GetValue(name)!, TimeProvider.System.GetUtcNow() - s_clockSkew, lifetime + s_clockSkew, kind);
            return Write(made, result.GetValue(name)!, result.GetValue(folder)!, result.GetValue(password) ?? "");
        });
        return command;
    }

    private static int Write(As2Certificate made, string name, DirectoryInfo folder, string password)
    {
        var start = Path.Combine(folder.FullName, FileNamePolicy.MakeSafe(name, "as2"));
        (string File, string What, byte[] Content)[] files =
        [
            ($"{start}.key.pem", "private key: keep it", System.Text.Encoding.ASCII.GetBytes(CertificateFile.ToKeyPem(made))),
            ($"{start}.p12", "private key and certificate, for products that want one file: keep it", CertificateFile.ToPkcs12(made, password)),
            ($"{start}.crt.pem", "certificate, for your partners", System.Text.Encoding.ASCII.GetBytes(CertificateFile.ToPem(made))),
            ($"{start}.crt.der", "the same in DER", made.Der.ToArray()),
            ($"{start}.p7b", "the same in PKCS#7", CertificateFile.ToPkcs7(made)),
        ];
        if (files.FirstOrDefault(f => Path.Exists(f.File)).File is { } taken)
            throw new ToolFault(ExitCode.Trouble, $"{taken} is there already; a key is never overwritten. Choose another name or folder.");
        folder.Create();
        foreach (var (file, what, content) in files)
        {
            if (what.Contains("keep it", StringComparison.Ordinal))
                CertificateFile.WriteSecret(file, content);
            else
                File.WriteAllBytes(file, content);
            Console.Out.WriteLine($"{file}  {what}");
        }
        Console.Out.WriteLine($"{made.Certificate.Subject}, valid to {made.Certificate.NotAfter.ToUniversalTime():yyyy-MM-dd}, sha256 {made.Thumbprint}");
        return ExitCode.Fine;
    }
}
