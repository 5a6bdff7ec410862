namespace As2.Tool.Inspection;

/// <summary>
/// What inspecting a file found; its JSON is documented in docs/tool.md and stable. The first eleven fields are the contract, the
/// rest is more of the same.
/// </summary>
internal sealed record Report
{
    public string? MessageId { get; init; }

    public string? As2From { get; init; }

    public string? As2To { get; init; }

    public IReadOnlyList<LayerReport> Layers { get; init; } = [];

    public IReadOnlyList<PayloadReport> Payloads { get; init; } = [];

    public MicReport? Mic { get; init; }

    public IReadOnlyList<MicReport> MicAlternates { get; init; } = [];

    public SignerReport? Signer { get; init; }

    /// <summary>Of a message: what a receiver answers. Of a receipt: what it says.</summary>
    public string? Disposition { get; init; }

    public ReceiptReport? Receipt { get; init; }

    public IReadOnlyList<FaultReport> Faults { get; init; } = [];

    public string File { get; init; } = "";

    /// <summary><c>message</c>, <c>receipt</c> or <c>unreadable</c>.</summary>
    public string Kind { get; init; } = "message";

    public string? Subject { get; init; }

    /// <summary>The preset of the product that made it, as its own User-Agent says; null where that is unknown.</summary>
    public string? Product { get; init; }

    public string? ContentType { get; init; }

    public string? StartLine { get; init; }

    public ReceiptRequestReport? ReceiptRequest { get; init; }

    /// <summary>The moment at which certificates were judged, and where it comes from.</summary>
    public string? JudgedAt { get; init; }

    /// <summary>True when nothing is wrong, and a receipt is not negative.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsFine => Faults.Count == 0 && (Disposition is null or "processed" || Disposition.StartsWith("processed/warning", StringComparison.Ordinal));
}

/// <summary>One layer, outermost first.</summary>
internal sealed record LayerReport
{
    /// <summary><c>enveloped-data</c>, <c>authEnveloped-data</c>, <c>compressed-data</c> or <c>signed-data</c>.</summary>
    public required string Kind { get; init; }

    public required string Algorithm { get; init; }

    public string? Cipher { get; init; }

    public string? Digest { get; init; }

    public IReadOnlyList<string> Recipients { get; init; } = [];

    public long ContentBytes { get; init; }

    public IReadOnlyList<string> Remarks { get; init; } = [];
}

internal sealed record PayloadReport(string? FileName, string ContentType, long Length, string Sha256)
{
    /// <summary>Where unpack wrote it, or null.</summary>
    public string? WrittenTo { get; init; }

    /// <summary>What it is, where that is more than its type says: a certificate exchange. Null for others.</summary>
    public string? About { get; init; }
}

/// <summary>A MIC, and which octets it covers.</summary>
internal sealed record MicReport(string Algorithm, string Value, string Reading);

/// <summary>Who signed.</summary>
internal sealed record SignerReport
{
    public string? Subject { get; init; }

    public string? Issuer { get; init; }

    public string? Serial { get; init; }

    public string? Sha256 { get; init; }

    public string? NotBefore { get; init; }

    public string? NotAfter { get; init; }

    /// <summary>The signature is genuine under this certificate.</summary>
    public bool SignatureValid { get; init; }

    /// <summary>The certificate is one that was given with --partner.</summary>
    public bool IsPartner { get; init; }

    /// <summary>The certificate was valid at the moment judged.</summary>
    public bool CertificateValid { get; init; }

    public string? SigningTime { get; init; }
}

internal sealed record ReceiptReport
{
    public string? OriginalMessageId { get; init; }

    public MicReport? Mic { get; init; }

    public string? Disposition { get; init; }

    /// <summary>Its signature was made by a partner's certificate that was valid.</summary>
    public bool Verified { get; init; }

    public bool Signed { get; init; }

    public string? FinalRecipient { get; init; }

    public string? ReportingUa { get; init; }

    public string? Text { get; init; }

    public IReadOnlyList<string> Remarks { get; init; } = [];
}

internal sealed record ReceiptRequestReport(string Kind, IReadOnlyList<string> MicAlgorithms, string? AsynchronousUrl);

/// <summary>What is wrong: a stable kind for scripts, words for people.</summary>
internal sealed record FaultReport(string Kind, string Text);
