using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace As2.AspNetCore.Legacy;

/// <summary>One connection whose requests are normalised on their way to Kestrel; answers go back as they are.</summary>
internal static class LegacyConnection
{
    // What the two pipes hold, of a sender that is faster than its reader.
    private static readonly PipeOptions s_bounds = new(pauseWriterThreshold: 64 << 10, resumeWriterThreshold: 32 << 10, useSynchronizationContext: false);

    /// <summary>Runs the connection to its end.</summary>
    public static async Task RunAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var wire = connection.Transport;
        var normalised = new Pipe(s_bounds);
        var pumping = PumpAsync(wire.Input, normalised.Writer);
        try
        {
            connection.Transport = new Duplex(normalised.Reader, wire.Output);
            await next(connection).ConfigureAwait(false);
        }
        finally
        {
            connection.Transport = wire;
            await normalised.Reader.CompleteAsync().ConfigureAwait(false);
            wire.Input.CancelPendingRead();
            await pumping.ConfigureAwait(false);
        }
    }

    private static async Task PumpAsync(PipeReader from, PipeWriter to)
    {
        var normaliser = new HttpNormaliser(to);
        try
        {
            while (true)
            {
                var read = await from.ReadAsync().ConfigureAwait(false);
                foreach (var block in read.Buffer)
                    normaliser.Push(block.Span);
                from.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                    normaliser.End();
                var flushed = await to.FlushAsync().ConfigureAwait(false);
                if (read.IsCompleted || read.IsCanceled || flushed.IsCompleted || normaliser.HasRefused)
                    break;
            }
            await to.CompleteAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The connection broke: Kestrel hears of it as it would without us.
            await to.CompleteAsync(e).ConfigureAwait(false);
        }
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
