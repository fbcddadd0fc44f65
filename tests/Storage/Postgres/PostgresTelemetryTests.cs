using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Time.Testing;
using Orleans.Pipeline.Storage.Postgres;

namespace Orleans.Pipeline.Storage.Tests.Postgres;

/// <summary>The store's metrics of its database; tests/Telemetry has the same for SQLite.</summary>
[RequiresPostgres]
public sealed class PostgresTelemetryTests : PostgresTest
{
    private static readonly TaskId Copy = new("copy", "orders", 0);

    private readonly ConcurrentQueue<(string Instrument, IReadOnlyDictionary<string, string?> Tags)> _seen = [];

    [StoreFact]
    public async Task Every_measurement_says_which_database_and_what_was_done_and_a_failed_one_what_it_failed_with()
    {
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument.Meter.Name == PipelineTelemetry.Name && instrument.Name.StartsWith(
                "pipeline.store.",
                StringComparison.Ordinal) && !instrument.IsObservable)
            {
                listening.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Note(instrument, tags));
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Note(instrument, tags));
        listener.Start();

        var store = await OpenAsync();
        await store.CreateTopicAsync(Orders, new TopicSettings { Partitions = 1 });
        await store.AppendAsync(Orders0, Batch.Of("a"));
        await store.TakeOverAsync(Copy, Orders0, 0);
        var commit = new Commit(Copy, Epoch: 1, FirstOffset: 0, NextOffset: 1, [], [], DeadLetters: 0);
        await store.CommitAsync(commit);
        await ReadAllAsync(await OpenAsync(), Orders0); // the one that appended it has it in memory
        await store.TrimAsync(DateTimeOffset.UtcNow);
        await Assert.ThrowsAsync<TaskFencedException>(() => store.CommitAsync(commit with { Epoch = 0, FirstOffset = 1, NextOffset = 2 }).AsTask());

        // Other tests run at the same time. The tags exclude those of SQLite, and the assertions below tolerate more of PostgreSQL.
        var seen = _seen.Where(seen => seen.Tags.GetValueOrDefault("db.system.name") != "sqlite")
            .Select(seen => $"{seen.Instrument} {string.Join(' ', seen.Tags.OrderBy(tag => tag.Key, StringComparer.Ordinal).Select(tag => tag.Key == "error.type" ? "failed" : tag.Value))}")
            .ToHashSet();
        string[] always =
        [
            .. Of("append", "write.duration", "group.requests", "group.size"),
            .. Of("commit", "write.duration", "group.requests", "group.size"),
            "read.duration postgresql", "retention.duration postgresql", "write.duration postgresql failed commit",
        ];
        Assert.Empty(always.Except(seen));
        Assert.Empty(seen.Except([.. always, "write.duration postgresql failed append", "read.duration postgresql failed", "retention.duration postgresql failed"]));

        static IEnumerable<string> Of(string operation, params string[] instruments) =>
            instruments.Select(instrument => $"{instrument} postgresql {operation}");
    }

    [StoreFact]
    public async Task Records_dated_ahead_by_more_than_the_setting_are_counted_and_warned_of_once_for_a_topic()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        var logger = new CollectingLogger<PostgresStore>();
        await using var store = await PostgresStore.OpenAsync(Settings with { MaximumAhead = TimeSpan.FromHours(1) }, clock, logger);
        using var ahead = new AheadRecords();

        await ahead.CheckAsync(store, clock.GetUtcNow(), logger, "postgres.ahead", "postgres.ahead.too");
    }

    private void Note(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _seen.Enqueue((
            instrument.Name["pipeline.store.".Length..],
            tags.ToArray().ToDictionary(tag => tag.Key, tag => tag.Value as string)));
}
