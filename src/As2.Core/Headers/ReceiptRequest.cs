using As2.Agreements;
using As2.Layers;
using As2.Receipts;

namespace As2.Headers;

/// <summary>
/// What a message asks for as its receipt: one value out of Disposition-Notification-To, Disposition-Notification-Options and
/// Receipt-Delivery-Option (RFC 4130 §7.3).
/// </summary>
public sealed record ReceiptRequest
{
    private const string SignatureProtocol = "pkcs7-signature";
    private const string MisspeltProtocol = "pkcs-7-signature";

    /// <summary>Which receipt.</summary>
    public ReceiptRequirement Requirement { get; init; }

    /// <summary>The options as read.</summary>
    public DispositionNotificationOptions Options { get; init; } = new();

    /// <summary>Where an asynchronous receipt is to be posted, as written; null or empty asks for a synchronous one.</summary>
    public string? AsynchronousUrl { get; init; }

    /// <summary>The digests asked for that we know, the preferred first.</summary>
    public IReadOnlyList<DigestAlgorithm> Digests => Options.Digests;

    /// <summary>The digest for the receipt's own signature: the first one asked for that is not broken, else SHA-256.</summary>
    public DigestAlgorithm SignatureDigest => Digests.FirstOrDefault(d => d != DigestAlgorithm.Md5) ?? DigestAlgorithm.Sha256;

    /// <summary>Why the request cannot be met, or null. The only use of <c>failed</c> (RFC 4130 §7.4.4).</summary>
    public LayerFault? Fault
    {
        get
        {
            if (Requirement != ReceiptRequirement.Signed)
                return null;
            if (Options.UnknownRequired is [var attribute, ..])
                return Failed("unsupported disposition-notification-options", $"the option '{attribute}' is required, and unknown");
            if (Options.Protocols.Count > 0 && !Options.Protocols.Any(p => p is SignatureProtocol or MisspeltProtocol))
                return new LayerFault(Disposition.UnsupportedFormat, "RFC 4130 §7.4.4", $"the receipt protocol '{Options.Protocols[0]}' is unknown");
            return Options.MicAlgorithmNames.Count > 0 && Digests.Count == 0
                ? new LayerFault(Disposition.UnsupportedMicAlgorithms, "RFC 4130 §7.4.4", $"none of the digests '{string.Join(", ", Options.MicAlgorithmNames)}' is known and allowed")
                : null;
        }
    }

    /// <summary>The same request, as far as we go: a digest that can be forged counts only where the agreement accepts it.</summary>
    internal ReceiptRequest Within(SecurityRequirements agreed)
        => !Digests.Contains(DigestAlgorithm.Md5) || agreed.Digests.Contains(DigestAlgorithm.Md5)
            ? this
            : this with { Options = Options with { Digests = [.. Digests.Where(d => d != DigestAlgorithm.Md5)] } };

    /// <summary>Reads the request from a message's header fields.</summary>
    public static ReceiptRequest Read(HeaderFields headers)
    {
        if (headers[As2HeaderNames.DispositionNotificationTo] is null)
            return new ReceiptRequest();
        var options = headers.HasDifferentValues(As2HeaderNames.DispositionNotificationOptions)
            ? DispositionNotificationOptions.Parse(headers.All(As2HeaderNames.DispositionNotificationOptions))
            : DispositionNotificationOptions.Parse(headers[As2HeaderNames.DispositionNotificationOptions] ?? "");
        var url = headers[As2HeaderNames.ReceiptDeliveryOption]?.Trim();
        return new ReceiptRequest
        {
            Requirement = options.AsksForSignature ? ReceiptRequirement.Signed : ReceiptRequirement.Unsigned,
            Options = options,
            AsynchronousUrl = string.IsNullOrEmpty(url) ? null : url,
        };
    }

    /// <summary>Adds the request that an agreement makes to a message's header fields.</summary>
    public static void Write(HeaderFields headers, Partnership partnership, string address)
    {
        var agreement = partnership.Receipt;
        if (agreement.Requirement == ReceiptRequirement.None)
            return;
        headers.Add(As2HeaderNames.DispositionNotificationTo, address);
        if (agreement.Requirement == ReceiptRequirement.Signed)
        {
            var digest = (agreement.MicDigest ?? partnership.Sending.Digest).NameFor(partnership.Quirks);
            var isRequired = partnership.Quirks.Contains(PartnerQuirk.RequiredReceiptOptions);
            headers.Add(As2HeaderNames.DispositionNotificationOptions, DispositionNotificationOptions.Write(digest, isRequired));
        }
        if (agreement.AsynchronousUrl is { } url)
            headers.Add(As2HeaderNames.ReceiptDeliveryOption, url.AbsoluteUri);
    }

    private static LayerFault Failed(string text, string diagnosis)
        => new(new Disposition(DispositionType.Failed, DispositionModifierKind.Failure, text), "RFC 4130 §7.4.4", diagnosis);
}
