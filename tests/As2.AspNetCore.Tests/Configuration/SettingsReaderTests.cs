using As2.Agreements;
using As2.Certificates;
using As2.Layers;
using As2.Testing;

namespace As2.AspNetCore.Tests.Configuration;

public sealed class SettingsReaderTests
{
    private SettingsFile _file = null!;

    [SetUp]
    public void Make() => _file = new SettingsFile();

    [TearDown]
    public void Remove() => _file.Dispose();

    [Test]
    public void a_preset_is_one_word([Values("openas2", "OpenAS2")] string word)
    {
        var read = _file.With($"\"preset\": \"{word}\"").ReadOne();
        Assert.That(read.Quirks, Is.EquivalentTo(PartnerPreset.Find("openas2")!.Apply(read with { Quirks = new HashSet<PartnerQuirk>() }).Quirks));
        Assert.That(read.Quirks, Is.Not.Empty);
    }

    [Test]
    public void what_stands_beside_the_preset_wins_wherever_it_stands()
    {
        var read = _file.With("\"cipher\": \"aes256-gcm\", \"acceptLegacyAlgorithms\": false, \"preset\": \"biztalk\", \"quirks\": [ \"SendChunked\" ]").ReadOne();
        var preset = PartnerPreset.Find("biztalk")!.Apply(new Partnership { Local = read.Local, Partner = read.Partner });
        Assert.Multiple(() =>
        {
            Assert.That(read.Sending.Cipher, Is.EqualTo(ContentCipher.Aes256Gcm).And.Not.EqualTo(preset.Sending.Cipher));
            Assert.That(read.Sending.Digest, Is.EqualTo(preset.Sending.Digest));
            Assert.That(read.Receiving.Digests, Has.None.EqualTo(DigestAlgorithm.Sha1));
            Assert.That(read.Quirks, Does.Contain(PartnerQuirk.SendChunked));
        });
    }

    [Test]
    public void a_quirk_of_the_preset_can_be_taken_away()
        => Assert.That(_file.With("\"preset\": \"openas2\", \"quirks\": \"-MicByReceiptOptions, send-chunked\"").ReadOne().Quirks,
            Has.None.EqualTo(PartnerQuirk.MicByReceiptOptions).And.Contain(PartnerQuirk.SendChunked).And.Contain(PartnerQuirk.CompressedMicWithoutHeaders));

    [Test]
    public void an_unknown_preset_lists_the_known_ones()
        => Assert.That(_file.With("\"preset\": \"openas3\"").Refusal(),
            Does.Contain("As2.Partnerships[0].Preset: There is no preset 'openas3'. There are standard, openas2,").And.Contain("AS2-CONFIG-004"));

    [Test]
    public void every_fault_is_told_at_once_with_its_path()
    {
        var refusal = _file.With("""
            "digest": "sha1", "cypher": "x", "retryFor": "soon", "maxMessageSize": -1, "quirks": [ "Nonsense" ], "receiptUrl": "ftp://x/", "receipt": { "a": 1 }
            """, ", \"engine\": { \"lease\": true, \"maxDepth\": 99 }, \"station\": 1").Refusal();
        Assert.That(refusal.Split('\n').Skip(1).Select(line => line[2..line.IndexOf(": ", StringComparison.Ordinal)]), Is.EquivalentTo(new[]
        {
            "As2.station", "As2.engine.lease", "As2.engine.maxDepth", "As2.partnerships[0].digest", "As2.partnerships[0].cypher", "As2.partnerships[0].retryFor",
            "As2.partnerships[0].maxMessageSize", "As2.partnerships[0].quirks", "As2.partnerships[0].receiptUrl", "As2.partnerships[0].receipt",
        }).IgnoreCase);
        Assert.That(refusal, Does.Contain("'sha1' is not understood; write one of legacy-sha1, sha-224").And.Contain("Did you mean Cipher?").And.Contain("Did you mean Stations?"));
    }

    [Test]
    public void what_the_engine_would_stumble_over_refuses_the_file_too()
        => Assert.That(_file.With("\"receipt\": \"none\", \"receiptUrl\": \"https://us.example/as2\"").Refusal(), Does.Contain("As2.Partnerships[0].ReceiptUrl").IgnoreCase.And.Contain("AS2-CONFIG-124"));

    [Test]
    public void doubtful_settings_are_warnings_with_their_path()
    {
        var warnings = _file.With("\"digest\": \"legacy-sha1\"").Read().Warnings;
        Assert.That(warnings.Select(w => $"{w.Id} {w.Setting}"), Does.Contain("AS2-CONFIG-113 As2.partnerships[0].Digest").IgnoreCase);
    }

    [Test]
    public void missing_files_stations_and_pairs_that_are_there_twice_are_told()
    {
        _file.Write(System.Text.Json.Nodes.JsonNode.Parse("""
            { "As2": { "Stations": { "ACME": { "Certificate": "acme.pem" }, "OTHER": { "Certificate": "gone.p12" } },
              "Partnerships": [
                { "Local": "ACME", "Partner": "GLOBEX", "Certificate": "globex.cer" }, { "Local": "ACME", "Partner": "GLOBEX", "Certificate": "globex.cer" },
                { "Local": "NOBODY", "Partner": "GLOBEX", "Certificate": "globex.cer" }, { "Local": "ACME", "Partner": "", "Certificates": [ { "For": "verify" } ] } ] } }
            """)!);
        Assert.That(_file.Refusal(), Does.Contain("AS2-CONFIG-101").And.Contain("AS2-CERT-003").And.Contain("AS2-CONFIG-006").And.Contain("AS2-CONFIG-005"));
    }

    [Test]
    public void passwords_never_stand_in_a_fault()
        => Assert.That(_file.With("\"ourCertificates\": [ { \"file\": \"gone.p12\", \"password\": \"sesame\" } ]").Refusal(), Does.Contain("gone.p12").And.Not.Contain("sesame"));

    [Test]
    public void the_engine_is_configured_by_the_same_file()
    {
        var options = new As2Options();
        _file.With(more: ", \"engine\": { \"messageIdHost\": \"acme.example\", \"retryWaits\": [ \"10s\", \"1m\" ], \"retryFor\": \"2d\", \"maxPayloadBytes\": \"50MiB\", \"answerTimeout\": \"00:02:00\" }");
        _file.Read().ConfigureEngine(options);
        Assert.Multiple(() =>
        {
            Assert.That(options.MessageIdHost, Is.EqualTo("acme.example"));
            Assert.That(options.Retry.Waits, Is.EqualTo(new[] { TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1) }));
            Assert.That(options.Retry.Total, Is.EqualTo(TimeSpan.FromDays(2)));
            Assert.That(options.Limits.MaxPayloadBytes, Is.EqualTo(50L << 20));
            Assert.That(options.AnswerTimeout, Is.EqualTo(TimeSpan.FromMinutes(2)));
            Assert.That(LayerLimits.Default.MaxPayloadBytes, Is.EqualTo(10L << 30));
        });
    }

    [Test]
    public void a_partnership_refines_the_retry_schedule_of_all()
    {
        var read = _file.With("\"retryWaits\": \"7s\"", ", \"engine\": { \"retryFor\": \"2d\" }").ReadOne();
        Assert.That((read.Retry!.Waits[0], read.Retry.Total), Is.EqualTo((TimeSpan.FromSeconds(7), TimeSpan.FromDays(2))));
    }

    [Test]
    public void certificates_have_roles_and_windows()
    {
        _file.Put("old.pem", TestKeys.Rsa("OLD"), secret: true);
        _file.Put("new.pem", TestKeys.Rsa("NEW"), secret: true);
        _file.Put("mdn.cer", TestKeys.Rsa("MDN"), secret: false);
        _file.Write(System.Text.Json.Nodes.JsonNode.Parse("""
            { "As2": { "Stations": { "ACME": { "Certificates": [
                { "File": "old.pem", "For": [ "sign", "decrypt" ], "Until": "2027-03-31" },
                { "File": "new.pem", "For": [ "sign" ], "From": "2027-03-01T06:00:00Z" }, "acme.pem" ] } },
              "Partnerships": [ { "Local": "ACME", "Partner": "GLOBEX", "Certificates": [ "globex.cer", { "File": "mdn.cer", "For": "verify-receipt" } ] } ] } }
            """)!);
        var (book, partnership) = (_file.Read().Book, _file.ReadOne());
        var held = book.CertificatesOf(partnership)!;
        As2Certificate[] signers(DateTimeOffset at) => [.. CertificateSelection.Select(CertificateRole.Sign, held.For(CertificateRole.Sign), at)];
        Assert.Multiple(() =>
        {
            Assert.That(held.For(CertificateRole.Sign), Has.Count.EqualTo(3));
            Assert.That(held.For(CertificateRole.Decrypt).Select(c => c.Thumbprint), Is.EqualTo(new[] { TestKeys.Rsa("OLD").Thumbprint, TestKeys.Rsa("ACME").Thumbprint }));
            Assert.That(signers(new(2027, 3, 2, 0, 0, 0, TimeSpan.Zero)).Single().Thumbprint, Is.EqualTo(TestKeys.Rsa("NEW").Thumbprint));
            Assert.That(signers(SettingsFile.Now).Single().Thumbprint, Is.Not.EqualTo(TestKeys.Rsa("NEW").Thumbprint));
            Assert.That(held.For(CertificateRole.Encrypt).Single().Thumbprint, Is.EqualTo(TestKeys.Rsa("GLOBEX").Thumbprint));
            Assert.That(held.For(CertificateRole.VerifyReceipt).Single().Thumbprint, Is.EqualTo(TestKeys.Rsa("MDN").Thumbprint));
        });
    }

    [Test]
    public void an_issuer_is_trusted_for_one_subject_and_nobody_encrypts_to_it()
    {
        var read = _file.With("\"encrypt\": false, \"certificates\": [ { \"file\": \"acme.pem\", \"trustedSubject\": \"CN=GLOBEX\", \"revocation\": \"offline\" } ]").Read();
        var held = read.Book.CertificatesOf(read.Book.Partnerships.Single())!;
        Assert.That(held.Verify.Select(c => (c.TrustedSubject, c.Revocation)), Does.Contain(("CN=GLOBEX", System.Security.Cryptography.X509Certificates.X509RevocationMode.Offline)));
        Assert.That(held.Encrypt, Has.None.Matches<As2Certificate>(c => c.TrustedSubject is not null));
    }

    [TestCase("der"), TestCase("p7b"), TestCase("p12")]
    public void files_of_every_form_are_read(string form)
    {
        var theirs = TestKeys.Rsa("GLOBEX");
        File.WriteAllBytes(Path.Combine(_file.Folder, "globex." + form), form switch
        {
            "der" => theirs.Der.ToArray(),
            "p7b" => CertificateFile.ToPkcs7(theirs),
            _ => CertificateFile.ToPkcs12(theirs, ""),
        });
        var read = _file.With($"\"certificates\": [ \"globex.{form}\" ]").Read();
        Assert.That(read.Book.CertificatesOf(read.Book.Partnerships.Single())!.Verify.Last().Thumbprint, Is.EqualTo(theirs.Thumbprint));
    }

    [Test]
    public void a_password_may_lie_in_a_file_of_its_own()
    {
        File.WriteAllBytes(Path.Combine(_file.Folder, "acme.p12"), CertificateFile.ToPkcs12(TestKeys.Rsa("ACME"), "sesame"));
        File.WriteAllText(Path.Combine(_file.Folder, "secret"), "sesame\n");
        _file.Write(System.Text.Json.Nodes.JsonNode.Parse("""
            { "As2": { "Stations": { "ACME": { "Certificate": "acme.p12", "PasswordFile": "secret" } },
              "Partnerships": [ { "Local": "ACME", "Partner": "GLOBEX", "Certificate": "globex.cer" } ] } }
            """)!);
        Assert.That(_file.Read().Book.CertificatesOf(_file.ReadOne())!.Sign.Single().Certificate.HasPrivateKey, Is.True);
    }
}
