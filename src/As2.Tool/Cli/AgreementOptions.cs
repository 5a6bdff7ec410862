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
    private readonly Option<string?> _preset = new("--preset") { Description = $"What is known to work with a product; options beside it win. One of {string.Join(", ", PartnerPreset.All)}.", HelpName = "PRODUCT" };
    private readonly Option<string?> _sign = new("--sign") { Description = "Digest of the signature: sha-256 (default), sha-384, sha-512, sha3-256, sha1 ..., or none." };
    private readonly Option<bool> _pss = new("--pss") { Description = "Sign with RSASSA-PSS, where the key is RSA." };
    private readonly Option<string?> _encrypt = new("--encrypt") { Description = "Cipher: aes256-cbc (default), aes128-cbc, aes192-cbc, aes128-gcm, aes192-gcm, aes256-gcm, 3des-cbc, or none." };
    private readonly Option<KeyTransport?> _keyTransport = Words.Option<KeyTransport>("--key-transport", "How the key goes to an RSA certificate (default: rsa-pkcs1); to an EC one by ECDH.");
    private readonly Option<string?> _compress = new("--compress") { Description = "Compress before or after signing, or none." };
    private readonly Option<ContentTransferEncoding?> _encoding = Words.Option<ContentTransferEncoding>("--encoding", "Transfer encoding of the payload (default: binary).");
    private readonly Option<EmbeddedCertificates?> _certificates = Words.Option<EmbeddedCertificates>("--certificates", "Certificates inside the signature (default: signer).");
    private readonly Option<string?> _receipt = new("--receipt") { Description = "Receipt to ask for: signed (default), unsigned or none." };
    private readonly Option<Uri?> _receiptUrl = new("--receipt-url") { Description = "Ask for an asynchronous receipt, posted to this address.", HelpName = "URL", CustomParser = Words.Address };
    private readonly Option<string?> _type = new("--type") { Description = "Content type of the payload (default: application/octet-stream)." };
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
        foreach (var option in (Option[])[_from, _to, _preset, _sign, _pss, _encrypt, _keyTransport, _compress, _encoding, _certificates, _receipt, _receiptUrl, _type, _subject])
            command.Options.Add(option);
    }

    /// <summary>The agreement that the options make: the preset, and over it what was said beside it.</summary>
    /// <exception cref="ToolFault">A name, preset or algorithm is unknown.</exception>
    public Partnership Read(ParseResult result, Uri? endpoint = null)
    {
        var start = Preset(result.GetValue(_preset), new Partnership { Local = Name(result.GetValue(_from)!), Partner = Name(result.GetValue(_to)!), Endpoint = endpoint });
        return start with
        {
            // The address was typed by whoever sends.
            Connection = start.Connection with { AllowPrivateAddresses = true },
            ContentType = result.GetValue(_type) ?? start.ContentType,
            Subject = result.GetValue(_subject),
            Receipt = start.Receipt with
            {
                Requirement = result.GetValue(_receipt) is { } receipt ? Enum.Parse<ReceiptRequirement>(receipt, ignoreCase: true) : start.Receipt.Requirement,
                AsynchronousUrl = result.GetValue(_receiptUrl),
            },
            Sending = Security(result, start.Sending),
        };
    }

    private SecurityAgreement Security(ParseResult result, SecurityAgreement start)
    {
        var (sign, encrypt) = (result.GetValue(_sign), result.GetValue(_encrypt));
        return start with
        {
            Sign = sign is null ? start.Sign : !IsNone(sign),
            Digest = sign is null || IsNone(sign) ? start.Digest : Digest(sign),
            Signature = result.GetValue(_pss) ? SignatureScheme.RsaPss : start.Signature,
            Encrypt = encrypt is null ? start.Encrypt : !IsNone(encrypt),
            Cipher = encrypt is null || IsNone(encrypt) ? start.Cipher : Cipher(encrypt),
            KeyTransport = result.GetValue(_keyTransport) ?? start.KeyTransport,
            Compression = result.GetValue(_compress) switch
            {
                "before" => Compression.BeforeSigning,
                "after" => Compression.AfterSigning,
                "none" => Compression.None,
                _ => start.Compression,
            },
            PayloadEncoding = result.GetValue(_encoding) ?? start.PayloadEncoding,
            EmbeddedCertificates = result.GetValue(_certificates) ?? start.EmbeddedCertificates,
        };
    }

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

    private static Partnership Preset(string? name, Partnership partnership)
    {
        if (name is null)
            return partnership;
        var preset = PartnerPreset.Find(name) ?? throw new ToolFault(ExitCode.Usage, $"--preset {name} is unknown; known are {string.Join(", ", PartnerPreset.All)}.");
        return preset.Apply(partnership);
    }

    private static DigestAlgorithm Digest(string value) => DigestAlgorithm.TryParse(value, out var digest)
        ? digest
        : throw new ToolFault(ExitCode.Usage, $"--sign {value} is unknown; known are {string.Join(", ", DigestAlgorithm.All)}, none.");

    private static ContentCipher Cipher(string value)
        => ContentCipher.Sendable.FirstOrDefault(c => c.Name.Equals(value, StringComparison.OrdinalIgnoreCase))
            ?? throw new ToolFault(ExitCode.Usage, $"--encrypt {value} cannot be sent; known are {string.Join(", ", ContentCipher.Sendable)}, none.");
}
