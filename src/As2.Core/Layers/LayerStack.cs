using As2.Agreements;
using As2.Headers;
using As2.Mime;

namespace As2.Layers;

/// <summary>
/// The layers around the innermost entity, as the agreement wants them: encryption outermost, then compression of the signed,
/// signature, compression of the payload (RFC 5402 §3). Each writes the header of the one inside it.
/// </summary>
internal sealed class LayerStack : IDisposable
{
    private readonly LayerWriterOptions _options;
    private readonly Stack<OctetStage> _stages = new(4);
    private IOctetSink _innermost;
    private HeaderFields? _headers;
    private MultipartSignedWriter? _signature;

    public LayerStack(LayerWriterOptions options, IOctetSink output)
    {
        (_options, _innermost) = (options, output);
        var security = options.Security;
        if (security.Encrypt)
            Encrypt();
        if (security.Compression == Compression.AfterSigning)
            Compress();
        if (security.Sign)
            Sign();
        if (security.Compression == Compression.BeforeSigning)
            Compress();
    }

    /// <summary>The header of the outermost entity.</summary>
    public HeaderFields Headers => _headers!;

    /// <summary>True when the MIC is that of the signed part.</summary>
    public bool IsSigned => _signature is not null;

    /// <summary>True when at least one layer stands around the payload.</summary>
    public bool HasLayers => _stages.Count > 0;

    /// <summary>Begins the innermost entity: its header goes out, inside or as that of the message. What follows is its body.</summary>
    /// <returns>Takes the body.</returns>
    public IOctetSink BeginEntity(HeaderFields headers)
    {
        if (_headers is null)
            _headers = headers;
        else
            HeaderWriter.Write(headers, _innermost);
        return _innermost;
    }

    /// <summary>Ends every layer, the innermost first.</summary>
    /// <param name="unsignedMics">The MIC and its other readings, for a message without a signature.</param>
    public PackedEntity Complete(IReadOnlyList<MessageIntegrityCheck> unsignedMics)
    {
        foreach (var stage in _stages)
            stage.Complete();
        return new PackedEntity(_headers!, _signature is null ? unsignedMics : [_signature.Mic!], Describe());
    }

    public void Dispose()
    {
        foreach (var stage in _stages)
            stage.Dispose();
    }

    private void Encrypt()
    {
        var type = _options.Security.Cipher.IsAuthenticated
            ? "application/pkcs7-mime; smime-type=authEnveloped-data; name=\"smime.p7m\""
            : "application/pkcs7-mime; smime-type=enveloped-data; name=\"smime.p7m\"";
        Enclose(new EnvelopedDataWriter(_options, BeginEntity(Pkcs7(type, "attachment; filename=\"smime.p7m\""))));
        // Signing and encrypting are each about half of the work.
        Enclose(new Relay(_innermost));
    }

    private void Compress()
    {
        var headers = Pkcs7("application/pkcs7-mime; smime-type=compressed-data; name=\"smime.p7z\"", "attachment; filename=\"smime.p7z\"");
        Enclose(new CompressedDataWriter(BeginEntity(headers), _options.Security));
    }

    private void Sign()
    {
        var boundary = Boundary.Create();
        _signature = new MultipartSignedWriter(_options, boundary, BeginEntity(MultipartSignedWriter.Headers(_options, boundary)));
        Enclose(_signature);
    }

    private void Enclose(OctetStage stage)
    {
        _stages.Push(stage);
        _innermost = stage;
    }

    private static HeaderFields Pkcs7(string type, string disposition) => new()
    {
        { "Content-Type", type },
        { "Content-Transfer-Encoding", "binary" },
        { "Content-Disposition", disposition },
    };

    private string Describe()
    {
        var security = _options.Security;
        var words = new List<string>(3);
        if (security.Compression == Compression.BeforeSigning)
            words.Add("compressed");
        if (security.Sign)
            words.Add($"signed {security.Digest}");
        if (security.Compression == Compression.AfterSigning)
            words.Add("compressed");
        if (security.Encrypt)
            words.Add($"encrypted {security.Cipher}");
        return words.Count == 0 ? "unprotected" : string.Join(", ", words);
    }
}
