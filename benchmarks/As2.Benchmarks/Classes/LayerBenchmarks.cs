using BenchmarkDotNet.Attributes;

namespace As2.Benchmarks;

/// <summary>The layers of a message beside their floor.</summary>
[MemoryDiagnoser]
public class LayerBenchmarks
{
    private Message _message = null!;

    /// <summary>Length of the payload in bytes.</summary>
    [Params(10 << 10)]
    public int Size { get; set; }

    /// <summary>Packs the message once.</summary>
    [GlobalSetup]
    public void Setup() => _message = new Message(Size);

    /// <summary>The floor of <see cref="Pack"/>.</summary>
    [Benchmark]
    public void PackFloor() => _message.PackFloor();

    /// <summary>Signs and encrypts.</summary>
    [Benchmark]
    public void Pack() => _message.Pack();

    /// <summary>The floor of <see cref="Unpack"/>.</summary>
    [Benchmark]
    public void UnpackFloor() => _message.UnpackFloor();

    /// <summary>Decrypts and verifies.</summary>
    [Benchmark]
    public void Unpack() => _message.Unpack();
}
