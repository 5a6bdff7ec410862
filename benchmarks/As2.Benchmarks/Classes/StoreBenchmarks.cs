using As2.Benchmarks.Figures;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;

namespace As2.Benchmarks.Classes;

/// <summary>
/// The acceptance of a message of 10 KiB with its receipt, into memory and into SQLite, 32 at once. The floor of the first is an
/// entry of a table, that of the second one durable SQLite transaction with the same octets in 32 rows.
/// </summary>
[MemoryDiagnoser]
[CategoriesColumn]
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
public class StoreBenchmarks : IDisposable
{
    private readonly AcceptFigures _accept = new();

    /// <summary>Removes the stores.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        _accept.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Entries of a table.</summary>
    [BenchmarkCategory("memory"), Benchmark(Baseline = true, OperationsPerInvoke = AcceptFigures.AtOnce)]
    public void MemoryFloor() => _accept.MemoryFloor();

    /// <summary>The store in memory.</summary>
    [BenchmarkCategory("memory"), Benchmark(OperationsPerInvoke = AcceptFigures.AtOnce)]
    public void Memory() => _accept.Memory();

    /// <summary>One transaction of bare rows.</summary>
    [BenchmarkCategory("sqlite"), Benchmark(Baseline = true, OperationsPerInvoke = AcceptFigures.AtOnce)]
    public void SqliteFloor() => _accept.SqliteFloor();

    /// <summary>The durable store.</summary>
    [BenchmarkCategory("sqlite"), Benchmark(OperationsPerInvoke = AcceptFigures.AtOnce)]
    public void Sqlite() => _accept.Sqlite();
}
