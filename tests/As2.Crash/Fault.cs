using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;

namespace As2.Crash;

/// <summary>One trouble: it begins, lasts, ends; then everything must come to its end by itself.</summary>
/// <param name="Name">In the report.</param>
/// <param name="Begin">Makes the trouble and gives what ends it.</param>
internal sealed record Fault(string Name, Func<Action> Begin);

/// <summary>The troubles of the disk, the database and the clock.</summary>
internal sealed class MachineFaults(string data, FaultShim? shim)
{
    private string Filler => Path.Combine(Path.GetDirectoryName(data)!, "filler");

    public IEnumerable<Fault> All()
    {
        yield return new("disk below the watermark", () => Fill(leave: GatewayProgram.Least / 2));
        yield return new("disk full", () => Fill(leave: 0));
        yield return new("fsync fails", () => Shim(s => s.Set(sync: FaultShim.IoError)));
        yield return new("writes fail: no space", () => Shim(s => s.Set(write: FaultShim.NoSpace)));
        yield return new("writes fail: read-only", () => Shim(s => s.Set(write: FaultShim.ReadOnly)));
        yield return new("database locked by another program", LockDatabase);
        yield return new("clock an hour ahead, then back", () => Shim(s => s.Set(seconds: 3600)));
        yield return new("clock an hour back, then ahead", () => Shim(s => s.Set(seconds: -3600)));
    }

    private Action Fill(long leave)
    {
        using (var fill = new FileStream(Filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
        {
            try
            {
                for (var size = 1 << 20; size >= 4096; size /= 16)
                {
                    while (new DriveInfo(data).AvailableFreeSpace > leave + size)
                        fill.Write(new byte[size]);
                }
                if (leave == 0)
                    fill.Write(new byte[8192]);
            }
            catch (IOException)
            {
                // Full, as wanted.
            }
        }
        return () => File.Delete(Filler);
    }

    private Action Shim(Action<FaultShim> set)
    {
        var faults = shim ?? throw new InvalidOperationException("This trouble needs the preloaded library.");
        set(faults);
        return () => faults.Set();
    }

    private Action LockDatabase()
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(data, "as2.db")};Pooling=False");
        connection.Open();
        using var begin = connection.CreateCommand();
        begin.CommandText = "BEGIN IMMEDIATE";
        begin.ExecuteNonQuery();
        return connection.Dispose;
    }
}

/// <summary>The troubles that a partner makes.</summary>
internal sealed class PartnerFaults(Partners partners)
{
    // Less than any message, more than any header.
    private const int Halfway = 1500;

    private FrontDoor Door => partners.Door!;

    public IEnumerable<Fault> All()
    {
        yield return new("partner refuses connections", Shut);
        yield return new("partner resets half-way through", () => Cut(request: Halfway, answer: null));
        yield return new("partner resets half-way answering", () => Cut(request: null, answer: 200));
        yield return new("partner hangs", () => Answers(async (context, _) => await Task.Delay(TimeSpan.FromSeconds(30), context.RequestAborted)));
        yield return new("partner answers 503", () => Answers((context, _) => Status(context, 503)));
        yield return new("partner answers garbage", () => Answers((context, _) => context.Response.WriteAsync("<html>it works</html>")));
        yield return new("partner loses every answer", () => Answers(Taps.LoseAsync));
        yield return new("partner loses receipts to be posted", () => Posts(p => p.Lost = true));
        yield return new("partner posts receipts twice", () => Posts(p => p.Twice = true));
        yield return new("partner posts receipts late", () => Posts(p => p.Delay = TimeSpan.FromSeconds(8)));
    }

    private Action Shut()
    {
        Door.Shut();
        return Door.Open;
    }

    private Action Cut(int? request, int? answer)
    {
        (Door.CutRequestAfter, Door.CutAnswerAfter) = (request, answer);
        Door.ResetAll();
        return () =>
        {
            (Door.CutRequestAfter, Door.CutAnswerAfter) = (null, null);
            Door.ResetAll();
        };
    }

    private Action Answers(Func<HttpContext, RequestDelegate, Task> fault)
    {
        partners.Taps.Fault = fault;
        return () => partners.Taps.Fault = null;
    }

    private Action Posts(Action<PostManner> set)
    {
        var manner = partners.Posts;
        set(manner);
        return () => (manner.Twice, manner.Lost, manner.Delay) = (false, false, TimeSpan.Zero);
    }

    private static Task Status(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }
}
