using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Orleans.Pipeline.Silo;

/// <summary>The log of a store that is opened before the host is built: it writes nothing until the host's own is there.</summary>
internal sealed class StoreLogger<TStore> : ILogger<TStore>
{
    private volatile ILogger _log = NullLogger.Instance;

    public void WriteTo(ILoggerFactory host) => _log = host.CreateLogger<TStore>();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => _log.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => _log.IsEnabled(logLevel);

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _log.Log(logLevel, eventId, state, exception, formatter);
}
