using As2.Benchmarks.Figures;
using As2.Benchmarks.Load;
using BenchmarkDotNet.Running;

// dotnet run -c Release --project benchmarks/As2.Benchmarks -- figures [--full]
// dotnet run -c Release --project benchmarks/As2.Benchmarks -- --filter '*' --job short
// load GATEWAY.dll …: eng/load.sh
if (args is ["load", .. var load])
    return await new LoadRunner(LoadOptions.Parse(load), Console.Out).RunAsync();
if (args is ["figures", ..])
    FigureRunner.Run(Console.Out, isFull: args.Contains("--full"));
else
    BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
