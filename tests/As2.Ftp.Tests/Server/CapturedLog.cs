using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace As2.Ftp.Tests.Server;

/// <summary>Keeps what was logged.</summary>
public sealed class CapturedLog : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<(int Id, string Text)> _lines = new();

    public IEnumerable<string> With(int id) => _lines.Where(line => line.Id == id).Select(line => line.Text);

    public string All => string.Join('\n', _lines.Select(line => $"{line.Id} {line.Text}"));

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        => _lines.Enqueue((eventId.Id, $"{formatter(state, exception)} {exception}"));

    public void Dispose()
    {
    }
}
