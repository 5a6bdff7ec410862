namespace As2.Crash;

/// <summary>The customer at a daemon of a bed: takes every file in the moment that it appears under its final name.</summary>
internal sealed class OutsideReader : IOutsideServer, IAsyncDisposable
{
    private readonly Ledger _ledger;
    private readonly string _home;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _reading;

    public OutsideReader(Ledger ledger, OutsideBed bed)
    {
        (_ledger, _home) = (ledger, bed.Home);
        foreach (var old in Directory.EnumerateFiles(_home, "*", SearchOption.AllDirectories))
            File.Delete(old);
        _reading = Task.Factory.StartNew(Read, TaskCreationOptions.LongRunning);
    }

    public Action? AtRename { get; set; }

    public IEnumerable<string> Left => Directory.EnumerateFiles(_home, "*.part", SearchOption.AllDirectories);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reading;
        _stop.Dispose();
    }

    private void Read()
    {
        do
        {
            foreach (var path in Directory.EnumerateFiles(_home))
                Take(path);
        }
        while (!_stop.Token.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(1)));
    }

    private void Take(string path)
    {
        var content = File.ReadAllBytes(path);
        File.Delete(path);
        _ledger.Delivered("outside", OutsideFiles.Original(Path.GetFileName(path)), $"{Path.GetFileName(path)} {Guid.NewGuid()}", Ledger.Hash(content));
        var act = AtRename;
        AtRename = null;
        act?.Invoke();
    }
}
