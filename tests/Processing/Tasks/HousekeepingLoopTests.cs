using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Orleans.Pipeline.Storage.Sqlite;
using Orleans.Pipeline.Tasks;

namespace Orleans.Pipeline.Processing.Tests.Tasks;

public sealed class HousekeepingLoopTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task A_failure_of_any_kind_is_logged_and_the_next_interval_tries_again()
    {
        using var directory = new TemporaryDirectory();
        var store = await SqliteStore.OpenAsync(new SqliteStoreSettings { Path = directory["topics.db"] });
        await store.DisposeAsync();
        var log = new AwaitedLog();
        var loop = new HousekeepingLoop(store, Undefined(store, log), TimeSpan.FromMinutes(1), _time, log);

        loop.Start();
        Assert.StartsWith("Checkpoints were not compared", await log.NextAsync(), StringComparison.Ordinal);
        for (var interval = 1; interval <= 3; interval++)
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            Assert.StartsWith("Checkpoints were not compared", await log.NextAsync(), StringComparison.Ordinal);
            Assert.StartsWith("Retention was not applied", await log.NextAsync(), StringComparison.Ordinal);
        }

        await loop.StopAsync();
    }

    [Fact]
    public async Task Retention_is_applied_at_its_interval_after_a_second_start_too()
    {
        using var directory = new TemporaryDirectory();
        var store = await SqliteStore.OpenAsync(new SqliteStoreSettings { Path = directory["topics.db"] });
        await store.DisposeAsync();
        var log = new AwaitedLog();
        var loop = new HousekeepingLoop(store, Undefined(store, log), TimeSpan.FromMinutes(1), _time, log);

        for (var start = 1; start <= 2; start++)
        {
            loop.Start();
            Assert.StartsWith("Checkpoints were not compared", await log.NextAsync(), StringComparison.Ordinal);
            _time.Advance(TimeSpan.FromMinutes(1));
            Assert.StartsWith("Checkpoints were not compared", await log.NextAsync(), StringComparison.Ordinal);
            Assert.StartsWith("Retention was not applied", await log.NextAsync(), StringComparison.Ordinal);
            await loop.StopAsync();
        }
    }

    private UndefinedStages Undefined(SqliteStore store, ILogger log) => new(new UndefinedStages.Source
    {
        Catalog = new PipelineCatalog(),
        Log = store,
        Checkpoints = store,
        ReadDefinitions = (_, _) => new(new Definitions([], silent: [])),
        ForgetAfter = TimeSpan.FromDays(1),
        TimeProvider = _time,
        Logger = log,
    });

    private sealed class AwaitedLog : ILogger
    {
        private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

        public async Task<string> NextAsync() => await _lines.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _lines.Writer.TryWrite(formatter(state, exception));
    }
}
