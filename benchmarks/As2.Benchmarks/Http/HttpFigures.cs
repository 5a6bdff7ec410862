using As2.Benchmarks.Figures;
using As2.Benchmarks.Load;

namespace As2.Benchmarks.Http;

/// <summary>
/// The engine over HTTP on loopback, by the CPU of the process in question alone: received with a signed receipt, and sent with a
/// verified one. The floors are the RSA operations on each side with AES and SHA over the payload, measured right before and after.
/// Beside them stand the same octets over the same server and client with nothing but the private RSA operations: what HTTP itself costs.
/// </summary>
internal static class HttpFigures
{
    private const int Size = 10 << 10;
    private const int Connections = 32;

    public static async Task RunAsync(TextWriter output, bool isFull, string? only = null)
    {
        var duration = TimeSpan.FromSeconds(isFull ? 20 : 6);
        using var peer = new HttpPeer();
        if (only is null or "receive")
        {
            Print(await ReceiveAsync(peer, duration, HttpServer.Engine));
            Print(await ReceiveAsync(peer, duration, HttpServer.Bare));
        }
        if (only is null or "send")
        {
            Print(await SendAsync(peer, duration));
            Print(await SendBareAsync(peer, duration));
        }

        void Print(Figure[] figures)
        {
            foreach (var figure in figures)
                output.WriteLine(figure);
        }
    }

    private static async Task<Figure[]> ReceiveAsync(HttpPeer peer, TimeSpan duration, string path)
    {
        var options = new LoadOptions("") { Size = Size, Concurrency = Connections };
        var messages = new LoadMessages(options, 1000, path);
        var floor = Floor(m => m.UnpackFloor, () => ReceiptFigures.Sign());
        await DriveAsync(TimeSpan.FromSeconds(4));
        var start = await peer.UsageAsync();
        var count = await DriveAsync(duration);
        var end = await peer.UsageAsync();
        floor = (floor + Floor(m => m.UnpackFloor, () => ReceiptFigures.Sign())) / 2;
        var cpu = (end.Cpu - start.Cpu) / count;
        var allocated = (end.Allocated - start.Allocated) / count;
        return path == HttpServer.Engine
            ? [new Figure("receive-http-10k", cpu, "us", floor / cpu, 0.85), new Figure("receive-http-10k-allocated", allocated, "B", Bar: 16384)]
            : [new Figure("receive-http-10k-bare", cpu, "us", floor / cpu), new Figure("receive-http-10k-bare-allocated", allocated, "B")];

        Task<int> DriveAsync(TimeSpan time) => AtOnceAsync(() => DriveOneAsync(time));

        Task<int> DriveOneAsync(TimeSpan time) => Task.Factory.StartNew(() => DriveOne(time), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        int DriveOne(TimeSpan time)
        {
            using var connection = new LoadConnection(options);
            connection.Connect(peer.Port);
            var (until, sent) = (DateTime.UtcNow + time, 0);
            for (; DateTime.UtcNow < until; sent++)
            {
                if (connection.Post(messages) != LoadAnswer.Accepted)
                    throw new InvalidOperationException("A message was not accepted.");
            }
            return sent;
        }
    }

    private static async Task<Figure[]> SendAsync(HttpPeer peer, TimeSpan duration)
    {
        using var sending = new Sending(peer.Port, Size);
        var (cpu, allocated, floor) = await SendAsync(sending.SendAsync, duration);
        return [new Figure("send-http-10k", cpu, "us", floor / cpu, 0.80), new Figure("send-http-10k-allocated", allocated, "B")];
    }

    private static async Task<Figure[]> SendBareAsync(HttpPeer peer, TimeSpan duration)
    {
        using var sending = new BareSending(peer.Port, new Message(Size).Packed);
        var (cpu, allocated, floor) = await SendAsync(sending.SendAsync, duration);
        return [new Figure("send-http-10k-bare", cpu, "us", floor / cpu), new Figure("send-http-10k-bare-allocated", allocated, "B")];
    }

    private static async Task<(double Cpu, double Allocated, double Floor)> SendAsync(Func<Task> send, TimeSpan duration)
    {
        var floor = Floor(m => m.PackFloor, ReceiptFigures.Verifying());
        await DriveAsync(TimeSpan.FromSeconds(4));
        var (cpu, allocated) = (Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes(precise: true));
        var count = await DriveAsync(duration);
        var each = (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / count;
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        return (each, allocated / (double)count, (floor + Floor(m => m.PackFloor, ReceiptFigures.Verifying())) / 2);

        Task<int> DriveAsync(TimeSpan time) => AtOnceAsync(() => DriveOneAsync(time));

        async Task<int> DriveOneAsync(TimeSpan time)
        {
            var (until, sent) = (DateTime.UtcNow + time, 0);
            for (; DateTime.UtcNow < until; sent++)
                await send();
            return sent;
        }
    }

    /// <summary>On all cores at once, as what is measured: two that are busy are slower than one.</summary>
    private static double Floor(Func<Message, Action> ofMessage, Action ofReceipt)
        => Enumerable.Range(0, Environment.ProcessorCount).AsParallel().WithDegreeOfParallelism(Environment.ProcessorCount).Average(_ =>
            new Contest("floor", ofMessage(new Message(Size))).Run(300).First().Value + new Contest("floor", ofReceipt) { Batch = 10 }.Run(300).First().Value);

    /// <summary>So many are under way on both sides: nothing is measured but work, as the threads need not wait for one another.</summary>
    private static async Task<int> AtOnceAsync(Func<Task<int>> drive)
        => (await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(drive)))).Sum();
}
