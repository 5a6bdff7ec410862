using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using As2.Ftp;

namespace As2.Crash;

/// <summary>A daemon of a bed that <c>eng/ftp-servers.sh start DIR</c> began, as the customer's server in place of ours.</summary>
internal sealed class OutsideBed(string folder, string daemon)
{
    /// <summary>Where its files appear.</summary>
    public string Home { get; } = Path.Combine(folder, "home", daemon);

    /// <summary>Signs in to it.</summary>
    public FtpClientOptions Client()
    {
        var line = File.ReadLines(Path.Combine(folder, "ports")).Single(line => line.StartsWith(daemon + " ", StringComparison.Ordinal));
        return new FtpClientOptions
        {
            Host = "localhost",
            Port = int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture),
            User = "as2ftp",
            Password = File.ReadAllText(Path.Combine(folder, "password")).Trim(),
            Trust = FtpTrust.Authorities(X509CertificateLoader.LoadCertificateFromFile(Path.Combine(folder, "ca.pem"))),
        };
    }
}
