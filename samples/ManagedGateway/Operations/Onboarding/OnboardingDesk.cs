using As2;
using As2.Agreements;
using As2.Certificates;
using As2.Storage;

namespace ManagedGateway.Operations.Onboarding;

/// <summary>A step of the list that a partner and we go through together.</summary>
/// <param name="Name">What is to be done.</param>
/// <param name="IsDone">Seen to be done.</param>
/// <param name="Text">What was seen, or what to do.</param>
internal sealed record OnboardingStep(string Name, bool IsDone, string Text);

/// <summary>A certificate of ours for the partner; its files are at <c>/onboarding/WORD/certificates/SHA256/FORM</c>, form pem, der or p7b.</summary>
internal sealed record OnboardingCertificate(string Use, string Subject, string Sha256, DateTimeOffset From, DateTimeOffset Until);

/// <summary>What one partner may know of us to set up its side.</summary>
internal sealed record OnboardingPage(
    string Address, string OurName, string YourName, IReadOnlyList<OnboardingCertificate> Certificates, IReadOnlyList<(string Name, string Value)> Agreement,
    IReadOnlyList<OnboardingStep> Steps, DateTimeOffset Expires)
{
    /// <summary>Every step is done.</summary>
    public bool IsDone => Steps.All(s => s.IsDone);
}

/// <summary>The page behind an onboarding link, live. Thread-safe.</summary>
internal sealed class OnboardingDesk(OnboardingLinks links, PartnershipBook book, PartnerServices partners, IMessageJournal journal, TimeProvider clock)
{
    private static readonly (CertificateRole Role, string Use)[] s_ours = [(CertificateRole.Sign, "we sign with it"), (CertificateRole.Decrypt, "you encrypt to it")];

    /// <summary>The page of a word; null: it opens none (any more).</summary>
    public async Task<OnboardingPage?> ReadAsync(string word, CancellationToken cancellationToken)
    {
        if (links.Find(word) is not { } link || Partnership(link) is not { } partnership)
            return null;
        return new OnboardingPage(
            link.Address, link.Local, link.Partner, await CertificatesAsync(partnership, cancellationToken), Agreement(partnership), await StepsAsync(partnership, cancellationToken), link.Expires);
    }

    /// <summary>A certificate of ours that stands on the page of a word, without its key; null: there is none.</summary>
    public async Task<As2Certificate?> CertificateAsync(string word, string sha256, CancellationToken cancellationToken)
    {
        if (links.Find(word) is not { } link || Partnership(link) is not { } partnership)
            return null;
        foreach (var (role, _) in s_ours)
        {
            if ((await partners.Certificates.FindAsync(partnership, role, cancellationToken)).FirstOrDefault(c => c.Thumbprint == sha256) is { } found)
                return found;
        }
        return null;
    }

    private Partnership? Partnership(OnboardingLink link) => book.Partnerships.FirstOrDefault(p => p.Local.Value == link.Local && p.Partner.Value == link.Partner);

    private async Task<IReadOnlyList<OnboardingCertificate>> CertificatesAsync(Partnership partnership, CancellationToken cancellationToken)
    {
        var all = new List<(As2Certificate Certificate, string Use)>();
        foreach (var (role, use) in s_ours)
            all.AddRange((await partners.Certificates.FindAsync(partnership, role, cancellationToken)).Where(c => c.NotAfter > clock.GetUtcNow()).Select(c => (c, use)));
        return
        [
            .. all.GroupBy(c => c.Certificate.Thumbprint).Select(g => new OnboardingCertificate(
                string.Join(", ", g.Select(c => c.Use).Distinct()), g.First().Certificate.Certificate.Subject, g.Key, g.Max(c => c.Certificate.NotBefore), g.Max(c => c.Certificate.NotAfter)))
                .OrderBy(c => c.From),
        ];
    }

    private static List<(string Name, string Value)> Agreement(Partnership p) =>
    [
        ("We send", $"{(p.Sending.Sign ? $"signed {p.Sending.Digest}" : "unsigned")}, {(p.Sending.Encrypt ? $"encrypted {p.Sending.Cipher}" : "not encrypted")}, {(p.Sending.Compression == Compression.None ? "not compressed" : "compressed")}"),
        ("We accept", $"{(p.Receiving.RequireSigned ? "signed only" : "unsigned too")} ({string.Join(", ", p.Receiving.Digests)}), {(p.Receiving.RequireEncrypted ? "encrypted only" : "unencrypted too")} ({string.Join(", ", p.Receiving.Ciphers)})"),
        ("Receipts", $"we ask for {p.Receipt.Requirement.ToString().ToLowerInvariant()} ones, {(p.Receipt.AsynchronousUrl is { } url ? $"later, to {url.GetLeftPart(UriPartial.Path)}" : "with the answer")}; we give what you ask for"),
        ("Your address as we have it", p.Endpoint?.GetLeftPart(UriPartial.Path) ?? "not yet: please tell us"),
    ];

    private async Task<IReadOnlyList<OnboardingStep>> StepsAsync(Partnership partnership, CancellationToken cancellationToken)
    {
        var theirs = await partners.Certificates.FindAsync(partnership, CertificateRole.Verify, cancellationToken);
        var refused = await NewestAsync(partnership, MessageDirection.Inbound, MessageState.Refused, cancellationToken);
        var received = await NewestAsync(partnership, MessageDirection.Inbound, MessageState.Delivered, cancellationToken) ?? await NewestAsync(partnership, MessageDirection.Inbound, MessageState.Accepted, cancellationToken);
        var sent = await NewestAsync(partnership, MessageDirection.Outbound, MessageState.Acknowledged, cancellationToken);
        return
        [
            new("Your certificate is here", theirs.Count > 0, theirs.Count > 0 ? $"{theirs[0].Certificate.Subject}, SHA-256 {theirs[0].Thumbprint}" : "Please send us your certificate, without its private key."),
            new("Your address is here", partnership.Endpoint is not null, partnership.Endpoint?.GetLeftPart(UriPartial.Path) ?? "Please tell us the address to which we send."),
            new("A message of yours reached us", received is not null, received is not null
                ? $"{received.Key.MessageId} at {received.Created:u}, verified and acknowledged."
                : refused is not null ? $"{refused.Key.MessageId} at {refused.Created:u} came and was refused: {refused.Disposition}. {refused.Diagnosis}" : "Please send a test message to our address."),
            new("A message of ours reached you", sent is not null, sent is not null ? $"{sent.Key.MessageId} at {sent.Changed:u}, your receipt was verified." : "We send one when your certificate and address are here."),
        ];
    }

    private async Task<MessageSummary?> NewestAsync(Partnership p, MessageDirection direction, MessageState state, CancellationToken cancellationToken)
        => (await journal.ListAsync(new MessageQuery { Local = p.Local, Partner = p.Partner, Direction = direction, State = state, Max = 1 }, cancellationToken)).FirstOrDefault();
}
