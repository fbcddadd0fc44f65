using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace Orleans.Pipeline.Storage.Tests;

/// <summary>Checks what a store says of records that producers date ahead of its clock.</summary>
internal sealed class AheadRecords : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<(string? Topic, long Records)> _counted = new();

    public AheadRecords()
    {
        _listener.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument.Name == "pipeline.topic.append.ahead")
            {
                listening.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, records, tags, _) => _counted.Enqueue((tags[0].Value as string, records)));
        _listener.Start();
    }

    /// <summary>Appends to a store that lets records be an hour ahead, and that has topics of these names, which no other test uses.</summary>
    public async Task CheckAsync<T>(ITopicStore store, DateTimeOffset now, CollectingLogger<T> logger, TopicName first, TopicName second)
    {
        await store.CreateTopicAsync(first, new TopicSettings { Partitions = 1 });
        await store.CreateTopicAsync(second, new TopicSettings { Partitions = 1 });
        var latest = now.AddHours(1).ToUnixTimeMilliseconds();
        var tomorrow = Batch.From(1, 0, 0, latest + 1, "a", "b");
        await store.AppendAsync(new(first, 0), Batch.At(latest, "in time"));
        Assert.DoesNotContain(logger.Entries, entry => entry.Level >= LogLevel.Warning);

        await store.AppendAsync(new(first, 0), tomorrow);
        await store.AppendAsync(new(first, 0), tomorrow);
        await store.AppendAsync(new(first, 0), Batch.At(latest + 1, "c"));
        await store.AppendAsync(new(second, 0), Batch.At(latest + 1, "d"));

        Assert.Equal(3, CountOf(first));
        Assert.Equal(1, CountOf(second));
        var warnings = logger.Entries.Where(entry => entry.Level >= LogLevel.Warning).Select(entry => entry.Text).ToList();
        Assert.Equal(2, warnings.Count);
        Assert.StartsWith(
            $"Topic '{first}' takes records that are dated ahead of this server's clock, first offset 1 of partition 0, which is dated "
            + $"{now.AddHours(1).AddMilliseconds(1):O}.",
            warnings[0],
            StringComparison.Ordinal);
        Assert.StartsWith($"Topic '{second}' takes records", warnings[1], StringComparison.Ordinal);
    }

    public void Dispose() => _listener.Dispose();

    private long CountOf(TopicName topic) => _counted.Where(counted => counted.Topic == topic.Value).Sum(counted => counted.Records);
}
