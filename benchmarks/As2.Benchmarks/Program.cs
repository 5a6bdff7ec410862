using As2.Benchmarks.Figures;
using BenchmarkDotNet.Running;

// dotnet run -c Release --project benchmarks/As2.Benchmarks -- figures [--full]
// dotnet run -c Release --project benchmarks/As2.Benchmarks -- --filter '*' --job short
if (args is ["figures", ..])
    FigureRunner.Run(Console.Out, isFull: args.Contains("--full"));
else
    BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
