using As2.Agreements;
using As2.Benchmarks;
using As2.Certificates;
using As2.Headers;
using As2.Layers;
using As2.Payloads;

namespace As2.Large;

/// <summary>One large message through the layers, in a process of its own: from a file into nothing, or into a file.</summary>
internal static class LargeStream
{
    /// <summary>As long as what the SDK reads at once, from a file or a request.</summary>
    private const int Block = 64 << 10;

    // The keys of the benchmarks are valid then.
    private static readonly DateTimeOffset s_now = new(2020, 6, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>large-out FOLDER FILE [OUT [STREAMS]]: signs and encrypts. Prints the highest resident memory in MiB.</summary>
    public static int Out(string[] args) => InStreams(args, (folder, target) =>
    {
        using var output = target is null ? null : new FileSink(target);
        using var writer = new LayerWriter(
            new LayerWriterOptions
            {
                Security = new SecurityAgreement { Cipher = ContentCipher.Aes128Cbc },
                Signer = Load(folder, "alice"),
                Recipients = [Load(folder, "bob")],
                Now = s_now,
            },
            output ?? (IOctetSink)Discard.Instance);
        Copy(args[1], writer.Begin(new PayloadHeader()).Push);
        writer.Complete();
        return true;
    });

    /// <summary>large-in FOLDER FILE [- [STREAMS]]: decrypts and verifies.</summary>
    public static int In(string[] args) => InStreams(args, (folder, _) =>
    {
        var headers = new HeaderFields { { "Content-Type", "application/pkcs7-mime; smime-type=enveloped-data" } };
        using var reader = new LayerReader(
            headers,
            new LayerReaderOptions { DecryptionKeys = [Load(folder, "bob")], VerificationCertificates = [Load(folder, "alice")], Now = s_now, Limits = LayerLimits.Default with { MaxPayloadBytes = long.MaxValue } },
            Discard.Instance);
        Copy(args[1], reader.Push);
        var trace = reader.Complete();
        Console.Error.WriteLine(trace.Fault?.Diagnosis);
        return trace is { Fault: null, IsSigned: true, IsEncrypted: true };
    });

    private static int InStreams(string[] args, Func<string, string?, bool> one)
    {
        var target = args.Length > 2 && args[2] != "-" ? args[2] : null;
        var streams = args.Length > 3 ? int.Parse(args[3], System.Globalization.CultureInfo.InvariantCulture) : 1;
        var done = new bool[streams];
        var threads = done.Select((_, i) => new Thread(() => done[i] = one(args[0], target))).ToArray();
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
        var peak = File.ReadLines("/proc/self/status").First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
        Console.WriteLine(peak.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]);
        return done.All(d => d) ? 0 : 1;
    }

    private static As2Certificate Load(string folder, string name) => CertificateFile.Load(Path.Combine(folder, name + ".pem"));

    private static void Copy(string file, PushAction push)
    {
        using var input = File.OpenHandle(file, options: FileOptions.SequentialScan);
        var block = new byte[Block];
        int read;
        for (long at = 0; (read = RandomAccess.Read(input, block, at)) > 0; at += read)
            push(block.AsSpan(0, read));
    }

    private delegate void PushAction(ReadOnlySpan<byte> octets);

    private sealed class FileSink(string path) : IOctetSink, IDisposable
    {
        private readonly FileStream _file = new(path, FileMode.Create, FileAccess.Write, FileShare.None, Block);

        public void Push(ReadOnlySpan<byte> octets) => _file.Write(octets);

        public void Dispose() => _file.Dispose();
    }
}
