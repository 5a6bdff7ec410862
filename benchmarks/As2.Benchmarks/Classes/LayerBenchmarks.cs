using As2.Agreements;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;

namespace As2.Benchmarks.Classes;

/// <summary>Which layers a message has.</summary>
public enum LayerChoice
{
    /// <summary>Signed with SHA-256 and encrypted with AES-128-CBC.</summary>
    SignedAndEncrypted,

    /// <summary>Signed alone.</summary>
    Signed,

    /// <summary>Encrypted alone.</summary>
    Encrypted,

    /// <summary>Compressed alone.</summary>
    Compressed,
}

/// <summary>A message of 10 KiB packed and unpacked, whole and layer by layer; the baseline of each is its floor.</summary>
[MemoryDiagnoser]
[CategoriesColumn]
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory, BenchmarkLogicalGroupRule.ByParams)]
public class LayerBenchmarks
{
    private Message _message = null!;

    /// <summary>The layers.</summary>
    [ParamsAllValues]
    public LayerChoice Layers { get; set; }

    /// <summary>Packs the message once.</summary>
    [GlobalSetup]
    public void Setup() => _message = new Message(10 << 10, Layers switch
    {
        LayerChoice.Signed => Message.Usual with { Encrypt = false },
        LayerChoice.Encrypted => Message.Usual with { Sign = false },
        LayerChoice.Compressed => Message.Usual with { Sign = false, Encrypt = false, Compression = Compression.BeforeSigning },
        _ => Message.Usual,
    });

    /// <summary>The floor of <see cref="Pack"/>.</summary>
    [BenchmarkCategory("pack"), Benchmark(Baseline = true)]
    public void PackFloor() => _message.PackFloor();

    /// <summary>Puts the layers around the payload.</summary>
    [BenchmarkCategory("pack"), Benchmark]
    public void Pack() => _message.Pack();

    /// <summary>The floor of <see cref="Unpack"/>.</summary>
    [BenchmarkCategory("unpack"), Benchmark(Baseline = true)]
    public void UnpackFloor() => _message.UnpackFloor();

    /// <summary>Takes the layers off.</summary>
    [BenchmarkCategory("unpack"), Benchmark]
    public void Unpack() => _message.Unpack();
}
