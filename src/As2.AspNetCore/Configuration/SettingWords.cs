using As2.Agreements;
using As2.Headers;
using As2.Layers;

namespace As2.AspNetCore.Configuration;

/// <summary>
/// Values that are chosen by a word. Words are compared without case and hyphens. What should not be used any more has a longer word
/// than what should: <c>legacy-</c> stands before it.
/// </summary>
internal static class SettingWords
{
    private const string Legacy = "legacy-";

    private static readonly IReadOnlyList<(string, DigestAlgorithm)> s_digests =
        [.. DigestAlgorithm.All.Select(d => (DigestAlgorithm.Modern.Contains(d) ? d.WireName : Legacy + d.WireName, d))];

    private static readonly IReadOnlyList<(string, ContentCipher)> s_ciphers =
        [.. ContentCipher.All.Select(c => (ContentCipher.Modern.Contains(c) ? c.Name : Legacy + c.Name, c))];

    public static SettingKind<DigestAlgorithm> Digest { get; } = One(s_digests.Where(d => d.Item2 != DigestAlgorithm.Md5));

    public static SettingKind<DigestAlgorithm?> ReceiptDigest { get; } = new(
        Digest.Accepts, t => Digest.Read(t), d => d is null ? "that of the signature" : Digest.Show(d));

    public static SettingKind<IReadOnlySet<DigestAlgorithm>> Digests { get; } = Several(s_digests);

    public static SettingKind<ContentCipher> Cipher { get; } = One(s_ciphers.Where(c => ContentCipher.Modern.Contains(c.Item2) || c.Item2 == ContentCipher.TripleDesCbc));

    public static SettingKind<IReadOnlySet<ContentCipher>> Ciphers { get; } = Several(s_ciphers);

    public static SettingKind<SignatureScheme> Signature { get; } = One([("default", SignatureScheme.Default), ("rsa-pss", SignatureScheme.RsaPss)]);

    public static SettingKind<KeyTransport> KeyTransport { get; } = One(
    [
        ("rsa-pkcs1", Agreements.KeyTransport.RsaPkcs1), ("rsa-oaep-sha256", Agreements.KeyTransport.RsaOaepSha256),
        ("rsa-oaep-sha384", Agreements.KeyTransport.RsaOaepSha384), ("rsa-oaep-sha512", Agreements.KeyTransport.RsaOaepSha512),
        ("legacy-rsa-oaep-sha1", Agreements.KeyTransport.RsaOaepSha1),
    ]);

    public static SettingKind<Compression> Compression { get; } = One(
        [("none", Agreements.Compression.None), ("before-signing", Agreements.Compression.BeforeSigning), ("after-signing", Agreements.Compression.AfterSigning)]);

    public static SettingKind<ContentTransferEncoding> Encoding { get; } = One(
        [("binary", ContentTransferEncoding.Binary), ("base64", ContentTransferEncoding.Base64)]);

    public static SettingKind<EmbeddedCertificates> Embedded { get; } = One(
        [("none", EmbeddedCertificates.None), ("signer", EmbeddedCertificates.Signer), ("chain", EmbeddedCertificates.Chain)]);

    public static SettingKind<CmsEncoding> Cms { get; } = One([("der", CmsEncoding.Der), ("ber", CmsEncoding.Ber)]);

    public static SettingKind<ReceiptRequirement> Receipt { get; } = One(
        [("none", ReceiptRequirement.None), ("unsigned", ReceiptRequirement.Unsigned), ("signed", ReceiptRequirement.Signed)]);

    public static SettingKind<As2Version> Version { get; } = One(
        [("1.0", As2Version.V1_0), ("1.1", As2Version.V1_1), ("1.2", As2Version.V1_2), ("1.3", new As2Version(1, 3))]);

    public static SettingKind<StrangerAnswer> Stranger { get; } = One(
    [
        ("unknown-trading-partner", StrangerAnswer.UnknownTradingPartner), ("unknown-trading-relationship", StrangerAnswer.UnknownTradingRelationship),
        ("forbidden", StrangerAnswer.Forbidden),
    ]);

    public static SettingKind<ExchangeAcceptance> Exchange { get; } = One(
        [("off", ExchangeAcceptance.Off), ("ask", ExchangeAcceptance.Ask), ("automatic", ExchangeAcceptance.Automatic)]);

    public static SettingKind<FileNameReaction> FileNames { get; } = One(
        [("rename", FileNameReaction.Rename), ("warn", FileNameReaction.Warn), ("refuse", FileNameReaction.Refuse)]);

    /// <summary>One of these words.</summary>
    public static SettingKind<TValue> One<TValue>(IEnumerable<(string Word, TValue Value)> words)
    {
        var all = words.ToList();
        return new(
            "one of " + string.Join(", ", all.Select(w => w.Word)),
            t => Find(all, t.Single),
            v => all.First(w => EqualityComparer<TValue>.Default.Equals(w.Value, v)).Word);
    }

    /// <summary>Any of these words.</summary>
    public static SettingKind<IReadOnlySet<TValue>> Several<TValue>(IEnumerable<(string Word, TValue Value)> words)
    {
        var all = words.ToList();
        return new(
            "a list of " + string.Join(", ", all.Select(w => w.Word)),
            t => t.List.Select(word => Find(all, word)).ToHashSet(),
            v => v.Count == 0 ? SettingKinds.None : string.Join(", ", all.Where(w => v.Contains(w.Value)).Select(w => w.Word)));
    }

    /// <summary>The value of a word.</summary>
    /// <exception cref="FormatException">It is none of them.</exception>
    public static TValue Find<TValue>(IReadOnlyList<(string Word, TValue Value)> words, string text)
    {
        foreach (var (word, value) in words)
        {
            if (Plain(word) == Plain(text))
                return value;
        }
        throw new FormatException();
    }

    private static string Plain(string word) => word.Replace("-", "", StringComparison.Ordinal).ToUpperInvariant();
}
