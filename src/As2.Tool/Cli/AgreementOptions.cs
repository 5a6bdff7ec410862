using System.CommandLine;
using As2.Agreements;
using As2.Certificates;
using As2.Layers;
using As2.Tool.Keys;

namespace As2.Tool.Cli;

/// <summary>The options of a message to be made: who, with which layers, asking for which receipt. The same in pack and send.</summary>
internal sealed class AgreementOptions
{
    private readonly Option<string> _from;
    private readonly Option<string> _to;
    private readonly Option<string> _sign = new("--sign") { Description = "Digest of the signature: sha-256, sha-384, sha-512, sha3-256, sha1 ..., or none.", DefaultValueFactory = _ => "sha-256" };
    private readonly Option<string> _encrypt = new("--encrypt") { Description = "Cipher: aes128-cbc, aes192-cbc, aes256-cbc, aes128-gcm, aes192-gcm, aes256-gcm, 3des-cbc, or none.", DefaultValueFactory = _ => "aes256-cbc" };
    private readonly Option<string> _compress = new("--compress") { Description = "Compress before or after signing, or none.", DefaultValueFactory = _ => "none" };
    private readonly Option<string> _receipt = new("--receipt") { Description = "Receipt to ask for: signed, unsigned or none.", DefaultValueFactory = _ => "signed" };
    private readonly Option<string> _type = new("--type") { Description = "Content type of the payload.", DefaultValueFactory = _ => "application/octet-stream" };
    private readonly Option<string?> _subject = new("--subject") { Description = "The Subject header." };

    /// <summary>Adds them to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="from">The names of the option for our AS2 name.</param>
    /// <param name="to">The names of the option for the partner's AS2 name.</param>
    public AgreementOptions(Command command, string[] from, string[] to)
    {
        _from = new(from[0], from[1..]) { Description = "Your AS2 name (AS2-From).", HelpName = "NAME", Required = true };
        _to = new(to[0], to[1..]) { Description = "The partner's AS2 name (AS2-To).", HelpName = "NAME", Required = true };
        _compress.AcceptOnlyFromAmong("before", "after", "none");
        _receipt.AcceptOnlyFromAmong("signed", "unsigned", "none");
        foreach (var option in (Option[])[_from, _to, _sign, _encrypt, _compress, _receipt, _type, _subject])
            command.Options.Add(option);
    }

    /// <summary>The agreement that the options make.</summary>
    /// <exception cref="ToolFault">A name or algorithm is unknown.</exception>
    public Partnership Read(ParseResult result, Uri? endpoint = null) => new()
    {
        Local = Name(result.GetValue(_from)!),
        Partner = Name(result.GetValue(_to)!),
        Endpoint = endpoint,
        ContentType = result.GetValue(_type)!,
        Subject = result.GetValue(_subject),
        Receipt = new ReceiptAgreement { Requirement = Enum.Parse<ReceiptRequirement>(result.GetValue(_receipt)!, ignoreCase: true) },
        Sending = new SecurityAgreement
        {
            Sign = !IsNone(result.GetValue(_sign)!),
            Digest = Digest(result.GetValue(_sign)!),
            Encrypt = !IsNone(result.GetValue(_encrypt)!),
            Cipher = Cipher(result.GetValue(_encrypt)!),
            Compression = result.GetValue(_compress) switch { "before" => Compression.BeforeSigning, "after" => Compression.AfterSigning, _ => Compression.None },
        },
    };

    /// <summary>Our key for an agreement, and the partner's certificate.</summary>
    /// <exception cref="ToolFault">One that is needed was not given.</exception>
    public static (As2Certificate? Own, As2Certificate? Partner) Keys(KeyRing keys, Partnership partnership)
    {
        var own = keys.Own.FirstOrDefault(c => c.Certificate.HasPrivateKey);
        var partner = keys.Partners is [var first, ..] ? first : null;
        if (partnership.Sending.Sign && own is null)
            throw new ToolFault(ExitCode.Usage, "To sign, give your key with --key (and --cert), or choose --sign none.");
        if (partnership.Sending.Encrypt && partner is null)
            throw new ToolFault(ExitCode.Usage, "To encrypt, give the partner's certificate with --partner, or choose --encrypt none.");
        return (own, partner);
    }

    private static bool IsNone(string value) => value.Equals("none", StringComparison.OrdinalIgnoreCase);

    private static As2Identifier Name(string value)
        => As2Identifier.TryParseHeader(value, out var name) ? name : throw new ToolFault(ExitCode.Usage, $"'{value}' is not an AS2 name: 1 to 128 printable ASCII characters.");

    private static DigestAlgorithm Digest(string value)
    {
        if (IsNone(value))
            return DigestAlgorithm.Sha256;
        return DigestAlgorithm.TryParse(value, out var digest) ? digest : throw new ToolFault(ExitCode.Usage, $"--sign {value} is unknown; known are {string.Join(", ", DigestAlgorithm.All)}, none.");
    }

    private static ContentCipher Cipher(string value)
    {
        if (IsNone(value))
            return ContentCipher.Aes256Cbc;
        return ContentCipher.Sendable.FirstOrDefault(c => c.Name.Equals(value, StringComparison.OrdinalIgnoreCase))
            ?? throw new ToolFault(ExitCode.Usage, $"--encrypt {value} cannot be sent; known are {string.Join(", ", ContentCipher.Sendable)}, none.");
    }
}
