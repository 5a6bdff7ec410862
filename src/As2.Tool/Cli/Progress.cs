using System.Globalization;

namespace As2.Tool.Cli;

/// <summary>A line about long work on standard error, only when that is a terminal; work under a second says nothing.</summary>
internal sealed class Progress(TimeProvider clock)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(200);

    private readonly bool _isShown = !Console.IsErrorRedirected;
    private string _what = "";
    private long? _total;
    private long _done;
    private long _begun;
    private long _written;
    private bool _isOnScreen;

    /// <summary>Work begins.</summary>
    public void Begin(string what, long? total)
    {
        (_what, _total, _done, _isOnScreen) = (what, total, 0, false);
        _begun = _written = clock.GetTimestamp();
    }

    /// <summary>Octets were handled.</summary>
    public void Add(long octets)
    {
        _done += octets;
        if (!_isShown || clock.GetElapsedTime(_begun) < s_patience || clock.GetElapsedTime(_written) < s_interval)
            return;
        _written = clock.GetTimestamp();
        _isOnScreen = true;
        Console.Error.Write(string.Create(CultureInfo.InvariantCulture, $"\r{_what}  {_done >> 20} MiB{Share()}  {(_done >> 20) / clock.GetElapsedTime(_begun).TotalSeconds:F0} MiB/s   "));
    }

    /// <summary>Work ended: the line goes.</summary>
    public void End()
    {
        if (_isOnScreen)
            Console.Error.Write("\r" + new string(' ', _what.Length + 48) + "\r");
    }

    private string Share() => _total is > 0 ? $" of {_total >> 20}" : "";
}
