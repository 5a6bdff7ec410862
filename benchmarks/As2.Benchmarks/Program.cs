using System.Globalization;
using As2.Benchmarks;
using As2.Benchmarks.Figures;
using As2.Benchmarks.Http;
using As2.Benchmarks.Large;
using As2.Benchmarks.Load;
using As2.Benchmarks.Million;
using BenchmarkDotNet.Running;

// dotnet run -c Release --project benchmarks/As2.Benchmarks -- figures [--full] [the start of a figure's name]...
// dotnet run -c Release --project benchmarks/As2.Benchmarks -- --filter '*' --job short
// profile: what the hot paths allocate, by type
// spin pack|unpack|receive SECONDS: one hot path again and again, for perf record (DOTNET_PerfMapEnabled=1 DOTNET_EnableWriteXorExecute=0)
// http receive|send: one of the two figures over HTTP alone
// load GATEWAY.dll …: eng/load.sh; million GATEWAY.dll …: eng/million.sh; large …: eng/large.sh
if (args is ["load", .. var load])
    return await new LoadRunner(LoadOptions.Parse(load), Console.Out).RunAsync();
if (args is ["million", .. var million])
    return await new MillionRunner(MillionOptions.Parse(million), Console.Out).RunAsync();
if (args is ["large", .. var large])
{
    using var runner = new LargeRunner(LargeOptions.Parse(large), Console.Out);
    return runner.Run();
}
if (args is ["profile"])
{
    var message = new Message(10 << 10);
    AllocationProfile.Print("pack", message.Pack, Console.Out);
    AllocationProfile.Print("unpack", message.Unpack, Console.Out);
    AllocationProfile.Print("mdn-read", ReceiptFigures.All().Last().Work, Console.Out);
    AllocationProfile.Print("receive", new ReceiveFigures(message).Receive, Console.Out);
    using var peer = new HttpPeer();
    using var sending = new Sending(peer.Port, 10 << 10);
    AllocationProfile.Print("send", () => sending.SendAsync().GetAwaiter().GetResult(), Console.Out);
    return 0;
}
if (args is ["spin", var path, var seconds])
{
    var message = new Message(10 << 10);
    Action work = path switch
    {
        "pack" => message.Pack,
        "pack-floor" => message.PackFloor,
        "unpack" => message.Unpack,
        "unpack-floor" => message.UnpackFloor,
        _ => new ReceiveFigures(message).Receive,
    };
    var (start, cpu, count) = (Environment.TickCount64, ThreadClock.Now(), 0);
    for (; Environment.TickCount64 - start < 1000 * int.Parse(seconds, CultureInfo.InvariantCulture); count++)
        work();
    Console.WriteLine($"{path} {(ThreadClock.Now() - cpu) / 1000 / count} us");
    return 0;
}
if (args is ["serve", var folder])
{
    await HttpServer.RunAsync(folder);
    return 0;
}
if (args is ["http", var direction])
    await HttpFigures.RunAsync(Console.Out, isFull: true, direction);
else if (args is ["figures", .. var wanted])
{
    var isFull = wanted.Contains("--full");
    string[] only = [.. wanted.Where(w => w != "--full")];
    FigureRunner.Run(Console.Out, isFull, only);
    if (only.Length == 0)
        await HttpFigures.RunAsync(Console.Out, isFull);
}
else
    BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
