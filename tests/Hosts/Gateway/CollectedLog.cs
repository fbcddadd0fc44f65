using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Orleans.Pipeline.Hosts;

/// <summary>Keeps every line that the host logs.</summary>
internal sealed class CollectedLog : ILoggerProvider
{
    private readonly ConcurrentQueue<Line> _lines = [];

    public IReadOnlyList<Line> Lines => [.. _lines];

    /// <summary>The refusals, in order.</summary>
    public IReadOnlyList<string> Refusals =>
        [.. _lines.Where(line => line.Text.StartsWith("Refused ", StringComparison.Ordinal)).Select(line => line.Text)];

    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, _lines);

    public void Dispose()
    {
    }

    internal sealed record Line(string Category, LogLevel Level, string Text);

    private sealed class Logger(string category, ConcurrentQueue<Line> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue(new Line(category, logLevel, $"{formatter(state, exception)}{exception}"));
    }
}
