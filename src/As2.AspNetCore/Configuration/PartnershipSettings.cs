using As2.Agreements;
using As2.Layers;
using As2.Transmission;
using Entry = As2.AspNetCore.Configuration.Setting<As2.Agreements.Partnership>;
using Kinds = As2.AspNetCore.Configuration.SettingKinds;
using Words = As2.AspNetCore.Configuration.SettingWords;

namespace As2.AspNetCore.Configuration;

/// <summary>Every setting of a partnership, in the order in which they are applied: after the preset, field by field.</summary>
internal static class PartnershipSettings
{
    private static readonly SettingKind<As2Identifier> s_name = new(
        "1 to 128 printable ASCII characters",
        t => new As2Identifier(t.Single),
        v => v.Value);

    public static readonly IReadOnlyList<Entry> All =
    [
        Entry.Of("Local", "Local", s_name, "our AS2 name: one of the stations", p => p.Local, (p, v) => p with { Local = v }),
        Entry.Of("Partner", "Partner", s_name, "the partner's AS2 name", p => p.Partner, (p, v) => p with { Partner = v }),
        Entry.Of("Endpoint", "Endpoint", Kinds.Address, "where the partner takes messages; without it we only receive", p => p.Endpoint, (p, v) => p with { Endpoint = v }),
        .. Connection(), .. Access(), .. Sending(), .. Receiving(), .. Receipt(), .. Exchange(), .. Conduct(),
    ];

    private static IEnumerable<Entry> Connection()
    {
        yield return Reach("HttpUser", "User", Kinds.OptionalText, "the user of HTTP Basic credentials at the partner's server", c => c.User, (c, v) => c with { User = v });
        yield return Reach("HttpPassword", "Password", Kinds.OptionalText, "the password of that user; better given by a variable of the environment", c => c.Password, (c, v) => c with { Password = v });
        yield return Reach("HttpToken", "Token", Kinds.OptionalText, "a bearer token in place of user and password", c => c.Token, (c, v) => c with { Token = v });
        yield return Reach("Proxy", "Proxy", Kinds.Address, "an HTTP proxy on the way to the partner; the environment is never asked", c => c.Proxy, (c, v) => c with { Proxy = v });
        yield return Reach("AllowPrivateAddresses", "AllowPrivateAddresses", Kinds.Flag, "the partner's host name may lead to an address of a private network; literal addresses and `localhost` always may", c => c.AllowPrivateAddresses, (c, v) => c with { AllowPrivateAddresses = v });
        yield return Reach("SendTraceContext", "SendTraceContext", Kinds.Flag, "where messages are traced, tell the partner's server their trace (W3C `traceparent`): [TELEMETRY.md](../TELEMETRY.md)", c => c.SendTraceContext, (c, v) => c with { SendTraceContext = v });
        yield return Reach("ConnectTimeout", "ConnectTimeout", Kinds.Duration, "how long connecting may take, TLS included", c => c.ConnectTimeout, (c, v) => c with { ConnectTimeout = v });
        yield return Reach("SendIdleTimeout", "SendIdleTimeout", Kinds.Duration, "how long the server may take nothing of a body", c => c.SendIdleTimeout, (c, v) => c with { SendIdleTimeout = v });
    }

    private static IEnumerable<Entry> Access()
    {
        yield return Call("AllowedAddresses", "Addresses", Kinds.Networks, "where the partner calls from; from elsewhere its name counts nothing", a => a.Addresses, (a, v) => a with { Addresses = v });
        yield return Call("MaxRequestsAtOnce", "MaxRequestsAtOnce", Kinds.OptionalNumber(1, 100_000), "requests of this partner that are answered at once; else as `Http` says", a => a.MaxRequestsAtOnce, (a, v) => a with { MaxRequestsAtOnce = v });
        yield return Call("MaxRequestsPerMinute", "MaxRequestsPerMinute", Kinds.OptionalNumber(1, 1_000_000), "requests of this partner in a minute; else as `Http` says", a => a.MaxRequestsPerMinute, (a, v) => a with { MaxRequestsPerMinute = v });
        yield return Call("MaxRequestTime", "MaxRequestTime", Kinds.OptionalDuration, "how long one request of this partner may take; else as `Http` says", a => a.MaxRequestTime, (a, v) => a with { MaxRequestTime = v });
    }

    private static IEnumerable<Entry> Sending()
    {
        yield return Send("Sign", "Sign", Kinds.Flag, "sign what we send", s => s.Sign, (s, v) => s with { Sign = v });
        yield return Send("Digest", "Digest", Words.Digest, "the digest of our signatures, and so of the MIC", s => s.Digest, (s, v) => s with { Digest = v });
        yield return Send("Signature", "Signature", Words.Signature, "how we sign: `default` is PKCS#1 v1.5 with an RSA key, ECDSA with an EC key", s => s.Signature, (s, v) => s with { Signature = v });
        yield return Send("SignedAttributes", "SignedAttributes", Kinds.Flag, "carry signed attributes in signatures", s => s.SignedAttributes, (s, v) => s with { SignedAttributes = v });
        yield return Send("EmbeddedCertificates", "EmbeddedCertificates", Words.Embedded, "the certificates that our signatures carry", s => s.EmbeddedCertificates, (s, v) => s with { EmbeddedCertificates = v });
        yield return Send("Encrypt", "Encrypt", Kinds.Flag, "encrypt what we send", s => s.Encrypt, (s, v) => s with { Encrypt = v });
        yield return Send("Cipher", "Cipher", Words.Cipher, "the content cipher; GCM makes authenticated-enveloped-data", s => s.Cipher, (s, v) => s with { Cipher = v });
        yield return Send("KeyTransport", "KeyTransport", Words.KeyTransport, "how the content key travels to an RSA certificate; to an EC certificate it is always ECDH", s => s.KeyTransport, (s, v) => s with { KeyTransport = v });
        yield return Send("Compression", "Compression", Words.Compression, "where compression stands", s => s.Compression, (s, v) => s with { Compression = v });
        yield return Send("CompressionLevel", "CompressionLevel", Kinds.Number(0, 9), "how hard to compress", s => s.CompressionLevel, (s, v) => s with { CompressionLevel = v });
        yield return Send("TransferEncoding", "PayloadEncoding", Words.Encoding, "the transfer encoding of the payload inside", s => s.PayloadEncoding, (s, v) => s with { PayloadEncoding = v });
        yield return Send("CmsEncoding", "CmsEncoding", Words.Cms, "`der`: DER where the content fits 1 MiB; `ber`: always of indefinite length", s => s.CmsEncoding, (s, v) => s with { CmsEncoding = v });
    }

    private static IEnumerable<Entry> Receiving()
    {
        yield return Take("RequireSigned", "RequireSigned", Kinds.Flag, "refuse messages without a signature", r => r.RequireSigned, (r, v) => r with { RequireSigned = v });
        yield return Take("RequireEncrypted", "RequireEncrypted", Kinds.Flag, "refuse messages without encryption", r => r.RequireEncrypted, (r, v) => r with { RequireEncrypted = v });
        yield return Take("AcceptedDigests", "Digests", Words.Digests, "digests accepted in signatures", r => r.Digests, (r, v) => r with { Digests = v });
        yield return Take("AcceptedCiphers", "Ciphers", Words.Ciphers, "content ciphers accepted", r => r.Ciphers, (r, v) => r with { Ciphers = v });
        yield return new("AcceptLegacyAlgorithms", "", Kinds.Flag.Accepts, "accept SHA-1 and 3DES beside the others", (p, t) => Kinds.Flag.Read(t) ? PartnerPreset.AcceptLegacy(p) : PartnerPreset.RefuseLegacy(p), IsLegacy);
        yield return Take("AcceptExpiredSignerCertificate", "AcceptExpiredSignerCertificate", Kinds.Flag, "accept a signer whose agreed certificate has run out", r => r.AcceptExpiredSignerCertificate, (r, v) => r with { AcceptExpiredSignerCertificate = v });
        yield return Take("AcceptOpaqueSignature", "AcceptOpaqueSignature", Kinds.Flag, "accept signatures that carry their content", r => r.AcceptOpaqueSignature, (r, v) => r with { AcceptOpaqueSignature = v });
        yield return Take("UnusualFileNames", "UnusualFileNames", Words.FileNames, "file names that cannot be kept as they are, or come twice: `rename` takes them under safe names, `warn` says so in the receipt, `refuse` refuses the message", r => r.UnusualFileNames, (r, v) => r with { UnusualFileNames = v });
        yield return Take("MaxMessageSize", "MaxMessageBytes", Kinds.Size, "the largest message on the wire", r => r.MaxMessageBytes, (r, v) => r with { MaxMessageBytes = v });
    }

    private static IEnumerable<Entry> Receipt()
    {
        yield return Ask("Receipt", "Requirement", Words.Receipt, "the receipt that we ask for", r => r.Requirement, (r, v) => r with { Requirement = v });
        yield return Ask("ReceiptUrl", "AsynchronousUrl", Kinds.Address, "where receipts that come later are to be posted; without it they come with the answer", r => r.AsynchronousUrl, (r, v) => r with { AsynchronousUrl = v });
        yield return Ask("ReceiptDeadline", "Deadline", Kinds.Duration, "how long a later receipt may take before the message goes again", r => r.Deadline, (r, v) => r with { Deadline = v });
        yield return Ask("ReceiptHosts", "AllowedReceiptHosts", Kinds.Hosts, "hosts to which this partner may direct our later receipts, beside that of `Endpoint`", r => r.AllowedReceiptHosts, (r, v) => r with { AllowedReceiptHosts = v });
        yield return Ask("ReceiptDigest", "MicDigest", Words.ReceiptDigest, "the digest that the receipt is asked for in", r => r.MicDigest, (r, v) => r with { MicDigest = v });
    }

    private static IEnumerable<Entry> Exchange()
    {
        yield return Entry.Of("CertificateExchange", "Exchange.Acceptance", Words.Exchange, "certificates by messages ([certificate-exchange.md](certificate-exchange.md)): `ask` lets a person decide about each that the partner offers, `automatic` only where neither its key nor its issuer is known", p => p.Exchange.Acceptance, (p, v) => p with { Exchange = p.Exchange with { Acceptance = v } });
        yield return Entry.Of("CertificateExchangeUrl", "Exchange.ResponseUrl", Kinds.Address, "where the partner answers what we offer: our AS2 address as it sees it; without it `ReceiptUrl`", p => p.Exchange.ResponseUrl, (p, v) => p with { Exchange = p.Exchange with { ResponseUrl = v } });
    }

    private static IEnumerable<Entry> Conduct()
    {
        yield return new("Quirks", "Quirks", QuirkSettings.Accepts, "departures of the partner's product, beside those of the preset; a minus takes one away", QuirkSettings.Apply, QuirkSettings.Show);
        yield return Entry.Of("Version", "Version", Words.Version, "the AS2-Version that we announce", p => p.Version, (p, v) => p with { Version = v });
        yield return Entry.Of("Features", "Features", Kinds.Features, "the EDIINT-Features that we announce, from version 1.2 on", p => p.Features, (p, v) => p with { Features = v });
        yield return Entry.Of("ContentType", "ContentType", Kinds.Text, "the content type of what we send", p => p.ContentType, (p, v) => p with { ContentType = v });
        yield return Entry.Of("Subject", "Subject", Kinds.OptionalText, "the subject of what we send", p => p.Subject, (p, v) => p with { Subject = v });
        yield return Entry.Of("Routes", "Routes", Kinds.Names, "what takes received payloads, for example `mailbox:ACCOUNT`", p => p.Routes, (p, v) => p with { Routes = v });
        yield return Entry.Of("AnswerTimeout", "AnswerTimeout", Kinds.OptionalDuration, "how long the answer to a post may take, from its last octet; else as for all", p => p.AnswerTimeout, (p, v) => p with { AnswerTimeout = v });
        yield return Entry.Of("RestartFrom", "RestartFrom", Kinds.OptionalSize, "by agreement: messages of at least this size are sent so that a cut transfer can be resumed; without it never", p => p.RestartFrom, (p, v) => p with { RestartFrom = v });
        yield return Entry.Of("Capture", "Capture", Kinds.Flag, "keep what goes over the wire with this partner as files for `as2 inspect`; turn it off again: they hold payloads wherever messages are not encrypted", p => p.Capture, (p, v) => p with { Capture = v });
        yield return Again("RetryWaits", "Waits", Kinds.Durations, "the waits after the first, second, … attempt; the last one repeats", r => r.Waits, (r, v) => r with { Waits = v });
        yield return Again("RetryFor", "Total", Kinds.Duration, "after this age a message has failed", r => r.Total, (r, v) => r with { Total = v });
        yield return Again("RetryJitter", "Jitter", Kinds.Fraction, "the random part of each wait", r => r.Jitter, (r, v) => r with { Jitter = v });
    }

    private static Entry Reach<TValue>(string name, string member, SettingKind<TValue> kind, string meaning, Func<ConnectionAgreement, TValue> get, Func<ConnectionAgreement, TValue, ConnectionAgreement> set)
        => Entry.Of(name, "Connection." + member, kind, meaning, p => get(p.Connection), (p, v) => p with { Connection = set(p.Connection, v) });

    private static Entry Call<TValue>(string name, string member, SettingKind<TValue> kind, string meaning, Func<AccessAgreement, TValue> get, Func<AccessAgreement, TValue, AccessAgreement> set)
        => Entry.Of(name, "Access." + member, kind, meaning, p => get(p.Access), (p, v) => p with { Access = set(p.Access, v) });

    private static Entry Send<TValue>(string name, string member, SettingKind<TValue> kind, string meaning, Func<SecurityAgreement, TValue> get, Func<SecurityAgreement, TValue, SecurityAgreement> set)
        => Entry.Of(name, "Sending." + member, kind, meaning, p => get(p.Sending), (p, v) => p with { Sending = set(p.Sending, v) });

    private static Entry Take<TValue>(string name, string member, SettingKind<TValue> kind, string meaning, Func<SecurityRequirements, TValue> get, Func<SecurityRequirements, TValue, SecurityRequirements> set)
        => Entry.Of(name, "Receiving." + member, kind, meaning, p => get(p.Receiving), (p, v) => p with { Receiving = set(p.Receiving, v) });

    private static Entry Ask<TValue>(string name, string member, SettingKind<TValue> kind, string meaning, Func<ReceiptAgreement, TValue> get, Func<ReceiptAgreement, TValue, ReceiptAgreement> set)
        => Entry.Of(name, "Receipt." + member, kind, meaning, p => get(p.Receipt), (p, v) => p with { Receipt = set(p.Receipt, v) });

    private static Entry Again<TValue>(string name, string member, SettingKind<TValue> kind, string meaning, Func<RetrySchedule, TValue> get, Func<RetrySchedule, TValue, RetrySchedule> set)
        => Entry.Of(name, "Retry." + member, kind, meaning, p => get(p.Retry ?? RetrySchedule.Default), (p, v) => p with { Retry = set(p.Retry ?? RetrySchedule.Default, v) });

    private static string IsLegacy(Partnership p)
        => Kinds.Flag.Show(p.Receiving.Digests.Contains(DigestAlgorithm.Sha1) && p.Receiving.Ciphers.Contains(ContentCipher.TripleDesCbc));
}
