using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Orleans.Pipeline.Cluster.Tests;

/// <summary>Hears from a silo's log that a task ended because its commit was refused.</summary>
internal sealed class RefusedCommits : ILoggerProvider, ILogger
{
    private readonly TaskCompletionSource<TaskFencedException> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The first refusal.</summary>
    public Task<TaskFencedException> FirstAsync() => _first.Task.WaitAsync(TimeSpan.FromMinutes(1));

    public ILogger CreateLogger(string categoryName) =>
        categoryName.EndsWith(".PartitionGrain", StringComparison.Ordinal) ? this : NullLogger.Instance;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (exception is TaskFencedException refused)
        {
            _first.TrySetResult(refused);
        }
    }

    public void Dispose()
    {
    }
}
