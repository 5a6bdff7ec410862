using System.Buffers;
using As2.Certificates;
using As2.Layers;
using MimeKit;

namespace As2.Agreements;

/// <summary>Looks at everything a partnership says and reports every fault at once. Pure; call it when configuration is loaded.</summary>
public static class PartnershipValidator
{
    private const int MaxReceiptUrl = 100;
    private const int MaxSubject = 900;

    private static readonly SearchValues<char> s_awkward = SearchValues.Create(" ,;!#<>[]\"\\");

    /// <summary>Faults of one partnership; empty when it is fine.</summary>
    public static IReadOnlyList<PartnershipFault> Validate(Partnership partnership)
        => [.. Names(partnership), .. Addresses(partnership), .. Sending(partnership), .. Receiving(partnership), .. Receipt(partnership), .. Exchange(partnership)];

    /// <summary>Faults of one partnership together with its certificates.</summary>
    /// <param name="partnership">The partnership.</param>
    /// <param name="certificates">Gives the certificates of a role.</param>
    /// <param name="now">The moment.</param>
    public static IReadOnlyList<PartnershipFault> Validate(
        Partnership partnership, Func<CertificateRole, IReadOnlyList<As2Certificate>> certificates, DateTimeOffset now)
        => [.. Validate(partnership), .. CertificateValidator.Validate(partnership, certificates, now)];

    /// <summary>Faults between partnerships: the same ordered pair twice.</summary>
    public static IReadOnlyList<PartnershipFault> ValidateAll(IReadOnlyList<Partnership> partnerships)
        => [.. partnerships.SelectMany(Validate), .. partnerships
            .GroupBy(p => (p.Local, p.Partner))
            .Where(g => g.Count() > 1)
            .Select(g => Error(101, "Partner", $"The pair {g.First()} is there {g.Count()} times. Keep one."))];

    private static IEnumerable<PartnershipFault> Names(Partnership p)
    {
        foreach (var (setting, name) in new[] { ("Local", p.Local.Value), ("Partner", p.Partner.Value) })
        {
            if (name.Length == 0)
                yield return Error(102, setting, "There is no AS2 name. Give 1 to 128 printable ASCII characters.");
            else if (name.AsSpan().IndexOfAny(s_awkward) >= 0)
                yield return Warning(103, setting, $"Old products have trouble with the characters of '{name}'. Letters, digits, dots and hyphens are safe.");
        }
        if (p.Local == p.Partner)
            yield return Warning(104, "Partner", $"Sender and receiver are both '{p.Local}'. Fine for a test against oneself only.");
        if (p.Subject is { } subject && (subject.Length > MaxSubject || subject.AsSpan().IndexOfAnyExceptInRange(' ', '~') >= 0))
            yield return Error(105, "Subject", "The subject must be one line of printable ASCII.");
        if (!ContentType.TryParse(p.ContentType, out _) || p.ContentType.AsSpan().IndexOfAny('\r', '\n') >= 0)
            yield return Error(106, "ContentType", $"'{p.ContentType}' is not a MIME type such as application/EDI-X12.");
    }

    private static IEnumerable<PartnershipFault> Addresses(Partnership p)
    {
        if (p.Endpoint is { } endpoint && !IsHttp(endpoint))
            yield return Error(107, "Endpoint", $"'{endpoint}' is not an absolute http or https address without user name and fragment.");
        if (p.Endpoint is { Scheme: "http" } && !p.Sending.Encrypt)
            yield return Warning(108, "Endpoint", "Content goes over http, and it is not encrypted. Use https, or encrypt.");
        if (p.Receipt.AsynchronousUrl is { } url && !IsHttp(url))
            yield return Error(109, "Receipt.AsynchronousUrl", $"'{url}' is not an absolute http or https address without user name and fragment.");
        if (p.Receipt.AsynchronousUrl is { OriginalString.Length: > MaxReceiptUrl })
            yield return Warning(110, "Receipt.AsynchronousUrl", $"Some products cut addresses of more than {MaxReceiptUrl} characters.");
        if (p.RestartFrom is < 0)
            yield return Error(130, "RestartFrom", $"{p.RestartFrom} is not a size in bytes.");
        if (p.Endpoint is { Scheme: "http" } && p.Connection.HasCredentials)
            yield return Warning(131, "Endpoint", "Credentials go over http, where anybody on the way reads them. Use https.");
        if ((p.Connection.User is null) != (p.Connection.Password is null) || (p.Connection.User is not null && p.Connection.Token is not null))
            yield return Error(132, "Connection.User", "Give a user and a password, or a token, or none of them.");
        if (p.Connection.User?.Contains(':', StringComparison.Ordinal) == true || HasControls(p.Connection.User) || HasControls(p.Connection.Password) || HasControls(p.Connection.Token))
            yield return Error(133, "Connection.User", "User, password and token hold no control characters, and the user no colon (RFC 7617 §2).");
        if (p.Connection.Proxy is { } proxy && (!proxy.IsAbsoluteUri || proxy.Scheme != "http"))
            yield return Error(134, "Connection.Proxy", "The proxy is not an absolute http address such as http://proxy.example:3128.");
        if (p.Connection.ConnectTimeout <= TimeSpan.Zero || p.Connection.SendIdleTimeout <= TimeSpan.Zero)
            yield return Error(135, "Connection.ConnectTimeout", "ConnectTimeout and SendIdleTimeout are above zero. The defaults are 30 seconds and 2 minutes.");
        if (p.Access.MaxRequestsAtOnce < 1 || p.Access.MaxRequestsPerMinute < 1 || p.Access.MaxRequestTime <= TimeSpan.Zero)
            yield return Error(136, "Access.MaxRequestsAtOnce", "A limit on the partner's requests leaves none. Give at least 1, or take it out.");
        foreach (var host in p.Receipt.AllowedReceiptHosts.Where(h => Uri.CheckHostName(h) == UriHostNameType.Unknown))
            yield return Error(111, "Receipt.AllowedReceiptHosts", $"'{host}' is not a host name; give it without scheme, port and path.");
    }

    private static IEnumerable<PartnershipFault> Sending(Partnership p)
    {
        var s = p.Sending;
        if (s.Sign && s.Digest == DigestAlgorithm.Md5)
            yield return Error(112, "Sending.Digest", "Signatures with MD5 can be forged. Choose sha-256.");
        if (s.Sign && s.Digest == DigestAlgorithm.Sha1)
            yield return Warning(113, "Sending.Digest", "SHA-1 is broken; agree on sha-256 as soon as the partner can.");
        if (s.Encrypt && s.Cipher == ContentCipher.Rc2Cbc)
            yield return Error(114, "Sending.Cipher", "RC2 is read by agreement, never sent. Choose aes256-cbc.");
        if (s.Encrypt && s.Cipher == ContentCipher.TripleDesCbc)
            yield return Warning(115, "Sending.Cipher", "3DES was withdrawn; agree on aes256-cbc as soon as the partner can.");
        if (!s.Sign && !s.Encrypt && p.Endpoint is { Scheme: "http" })
            yield return Warning(116, "Sending", "Messages are neither signed nor encrypted nor sent over https: anybody may read and alter them.");
        if (p.Quirks.Contains(PartnerQuirk.Rfc2231FileName) && p.Quirks.Contains(PartnerQuirk.Utf8FileName))
            yield return Error(117, "Quirks", "Rfc2231FileName and Utf8FileName exclude each other. Keep the one that the partner reads.");
    }

    private static IEnumerable<PartnershipFault> Receiving(Partnership p)
    {
        var r = p.Receiving;
        if (r.RequireSigned && r.Digests.Count == 0)
            yield return Error(118, "Receiving.Digests", "A signature is demanded, and no digest is accepted. List at least sha-256.");
        if (r.RequireEncrypted && r.Ciphers.Count == 0)
            yield return Error(119, "Receiving.Ciphers", "Encryption is demanded, and no cipher is accepted. List at least aes256-cbc.");
        if (r.MaxMessageBytes <= 0)
            yield return Error(120, "Receiving.MaxMessageBytes", $"{r.MaxMessageBytes} bytes let no message in.");
        foreach (var weak in r.Digests.Where(d => d == DigestAlgorithm.Md5 || d == DigestAlgorithm.Sha1))
            yield return Warning(121, "Receiving.Digests", $"Signatures with {weak} are accepted: a legacy agreement; give it an end.");
        foreach (var weak in r.Ciphers.Where(c => c == ContentCipher.TripleDesCbc || c == ContentCipher.Rc2Cbc))
            yield return Warning(122, "Receiving.Ciphers", $"{weak} is accepted: a legacy agreement; give it an end.");
        if (!r.RequireSigned)
            yield return Warning(123, "Receiving.RequireSigned", "Unsigned messages are accepted: the names in their headers prove nothing.");
    }

    private static IEnumerable<PartnershipFault> Receipt(Partnership p)
    {
        var r = p.Receipt;
        if (r.Requirement == ReceiptRequirement.None && r.AsynchronousUrl is not null)
            yield return Error(124, "Receipt.AsynchronousUrl", "There is an address for receipts, and none is asked for. Set the requirement to Signed.");
        if (r.Deadline <= TimeSpan.Zero)
            yield return Error(125, "Receipt.Deadline", $"{r.Deadline} leaves no time for a receipt. The default is 30 minutes.");
        if (r.Requirement == ReceiptRequirement.None)
            yield return Warning(126, "Receipt.Requirement", "No receipt is asked for: nothing proves that a message arrived.");
        if (r.MicDigest is { } mic && p.Sending.Sign && mic != p.Sending.Digest)
            yield return Warning(127, "Receipt.MicDigest", $"The receipt is asked for in {mic}, the message is signed in {p.Sending.Digest}: products disagree which one the MIC uses.");
    }

    private static IEnumerable<PartnershipFault> Exchange(Partnership p)
    {
        if (p.Exchange.Acceptance != ExchangeAcceptance.Off && (p.Endpoint is null || !p.Sending.Sign))
            yield return Error(128, "Exchange.Acceptance", "Certificates are exchanged in signed messages, and there is no endpoint, or messages are not signed.");
        if (p.Exchange.ResponseUrl is { } url && !IsHttp(url))
            yield return Error(129, "Exchange.ResponseUrl", $"'{url}' is not an absolute http or https address without user name and fragment.");
    }

    private static bool HasControls(string? text) => text?.Any(char.IsControl) == true;

    private static bool IsHttp(Uri address)
        => address.IsAbsoluteUri && (address.Scheme is "http" or "https") && address.UserInfo.Length == 0 && address.Fragment.Length == 0;

    private static PartnershipFault Error(int number, string setting, string text) => new($"AS2-CONFIG-{number}", setting, text);

    private static PartnershipFault Warning(int number, string setting, string text) => new($"AS2-CONFIG-{number}", setting, text, IsWarning: true);
}
