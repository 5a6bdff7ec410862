using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace As2.Testing;

/// <summary>A TCP port for programs that must be told one. Where a server can take port 0, let it: that cannot be taken meanwhile.</summary>
public static class FreePort
{
    private static readonly ConcurrentBag<Socket> s_marks = [];

    /// <summary>A port of the loopback address that was free a moment ago.</summary>
    public static int Take()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>
    /// The first of <paramref name="count"/> neighbouring ports that were free a moment ago, below those that the system gives to
    /// outgoing connections: a busy machine takes one of those before a slow program can. None is given twice while this process lives,
    /// to it or to another.
    /// </summary>
    public static int TakeRange(int count)
    {
        for (var attempt = 0; attempt < 100; attempt++)
        {
            var first = Random.Shared.Next(10_000, 32_768 - count);
            if (TryReserve(first, count) && Enumerable.Range(first, count).All(IsFree))
                return first;
        }
        throw new InvalidOperationException($"No {count} neighbouring ports are free.");
    }

    /// <summary>The UDP ports of the same numbers are the marks: the system gives each to one, and takes it back when the process ends.</summary>
    private static bool TryReserve(int first, int count)
    {
        var marks = new List<Socket>();
        try
        {
            foreach (var port in Enumerable.Range(first, count))
            {
                marks.Add(new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp));
                marks[^1].Bind(new IPEndPoint(IPAddress.Loopback, port));
            }
        }
        catch (SocketException)
        {
            marks.ForEach(m => m.Dispose());
            return false;
        }
        marks.ForEach(s_marks.Add);
        return true;
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
