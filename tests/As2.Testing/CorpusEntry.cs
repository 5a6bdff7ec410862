namespace As2.Testing;

/// <summary>One line of the corpus's manifest; a value that its kind does not have is null.</summary>
public sealed record CorpusEntry
{
    /// <summary>Path inside the corpus.</summary>
    public required string File { get; init; }

    /// <summary><c>request</c>, <c>sync-mdn</c>, <c>async-mdn</c>, <c>fixture-request</c>, <c>fixture-mdn</c> or <c>fixture-message</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The product that wrote it.</summary>
    public string? Peer { get; init; }

    /// <summary>The row of the matrix, such as <c>signed-sha256</c>.</summary>
    public string? Row { get; init; }

    /// <summary>What the sender was told to do.</summary>
    public CorpusOptions? Options { get; init; }

    /// <summary>AS2-From, decoded.</summary>
    public string? As2From { get; init; }

    /// <summary>AS2-To, decoded.</summary>
    public string? As2To { get; init; }

    /// <summary>Message-ID as it stands on the wire.</summary>
    public string? MessageId { get; init; }

    /// <summary><c>content-length</c> or <c>chunked</c>.</summary>
    public string? Transfer { get; init; }

    /// <summary>Hash of the body as it went over the wire, with its chunking; lower-case hexadecimal.</summary>
    public string? BodySha256 { get; init; }

    /// <summary>Name in <c>keys/</c> of the signer.</summary>
    public string? SignerKey { get; init; }

    /// <summary>Name in <c>keys/</c> of the recipient.</summary>
    public string? RecipientKey { get; init; }

    /// <summary>The plain payload's file.</summary>
    public string? PayloadFile { get; init; }

    /// <summary>Hash of the plain payload.</summary>
    public string? PayloadSha256 { get; init; }

    /// <summary>Hash of what a receiver gets, where the sender altered the payload.</summary>
    public string? PayloadSha256AsReceived { get; init; }

    /// <summary>Length of the plain payload in bytes.</summary>
    public long? PayloadSize { get; init; }

    /// <summary>The MIC in base64, by the sender or in the receipt.</summary>
    public string? Mic { get; init; }

    /// <summary>Its algorithm.</summary>
    public string? MicAlg { get; init; }

    /// <summary>The MICs in the receivers' receipts, with counts.</summary>
    public IReadOnlyList<string>? MicByReceivers { get; init; }

    /// <summary>What must come of it: <c>processed</c>, an error modifier, <c>policy</c>; for receipts accept, reject or policy.</summary>
    public string? Expect { get; init; }

    /// <summary>Receipt: the file of the request that it answers.</summary>
    public string? AnswerTo { get; init; }

    /// <summary>Receipt: its disposition.</summary>
    public string? Disposition { get; init; }

    /// <summary>Receipt: the Message-ID that it answers.</summary>
    public string? OriginalMessageId { get; init; }

    /// <summary>Receipt: the MIC that the message really had.</summary>
    public string? ExpectedOriginalMic { get; init; }

    /// <summary>Receipt or fixture: signed.</summary>
    public bool? Signed { get; init; }

    /// <summary>Fixture: path of the signer's certificate.</summary>
    public string? SignerCert { get; init; }

    /// <summary>Fixture: path of the recipient's key, with its password.</summary>
    public string? Key { get; init; }

    /// <summary>A remark on the row.</summary>
    public string? Note { get; init; }

    /// <summary>What a receiver's payload must hash to.</summary>
    public string? ReceivedSha256 => PayloadSha256AsReceived ?? PayloadSha256;

    /// <summary>The file.</summary>
    public override string ToString() => File;
}

/// <summary>What a sender of the corpus was told to do.</summary>
public sealed record CorpusOptions
{
    /// <summary>Digest of the signature, or null.</summary>
    public string? Sign { get; init; }

    /// <summary>Content cipher, or null.</summary>
    public string? Enc { get; init; }

    /// <summary>Compression <c>before</c> or <c>after</c> signing, <c>none</c>, or null.</summary>
    public string? Comp { get; init; }

    /// <summary>Transfer encoding.</summary>
    public string? Cte { get; init; }

    /// <summary><c>sync</c>, <c>async</c>, <c>none</c> or null.</summary>
    public string? Mdn { get; init; }

    /// <summary>Digest asked for in the receipt, or null.</summary>
    public string? MdnSign { get; init; }

    /// <summary>The payload's name.</summary>
    public string? Filename { get; init; }

    /// <summary>The payload's content type.</summary>
    public string? Ctype { get; init; }
}
