using As2.Benchmarks.Figures;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;

namespace As2.Benchmarks.Classes;

/// <summary>Single stages, each beside its floor.</summary>
[MemoryDiagnoser]
[CategoriesColumn]
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
public class StageBenchmarks
{
    private readonly Stage _mic = StageFigures.Mic(), _scan = StageFigures.Scan();
    private readonly Stage _write = ReceiptFigures.Writing(), _read = ReceiptFigures.Reading();

    /// <summary>SHA-256 of 1 MiB.</summary>
    [BenchmarkCategory("mic"), Benchmark(Baseline = true)]
    public void MicFloor() => _mic.Floor();

    /// <summary>The MIC of 1 MiB of bare content.</summary>
    [BenchmarkCategory("mic"), Benchmark]
    public void Mic() => _mic.Work();

    /// <summary>The search for a delimiter in 1 MiB.</summary>
    [BenchmarkCategory("mime scan"), Benchmark(Baseline = true)]
    public void ScanFloor() => _scan.Floor();

    /// <summary>The cut of a multipart of 1 MiB.</summary>
    [BenchmarkCategory("mime scan"), Benchmark]
    public void Scan() => _scan.Work();

    /// <summary>One signature.</summary>
    [BenchmarkCategory("mdn write"), Benchmark(Baseline = true)]
    public void WriteFloor() => _write.Floor();

    /// <summary>A signed receipt written.</summary>
    [BenchmarkCategory("mdn write"), Benchmark]
    public void Write() => _write.Work();

    /// <summary>One signature verified.</summary>
    [BenchmarkCategory("mdn read"), Benchmark(Baseline = true)]
    public void ReadFloor() => _read.Floor();

    /// <summary>A signed receipt read and verified.</summary>
    [BenchmarkCategory("mdn read"), Benchmark]
    public void Read() => _read.Work();
}
