using System.Diagnostics.Metrics;

namespace Orleans.Pipeline.Cluster.Tests;

/// <summary>The metrics of silos.</summary>
public sealed class TelemetryTests : IAsyncLifetime
{
    private const string Pipeline = "gauged";
    private const int Partitions = 4;
    private const int Silos = 2;

    private readonly List<(string Name, double Value, string? Pipeline, string? State)> _seen = [];
    private readonly MeterListener _listener = new();
    private TestCluster _cluster = null!;

    public async Task InitializeAsync()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument is { IsObservable: true, Meter.Name: PipelineTelemetry.Name })
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        _cluster = await TestCluster.StartAsync(
            pipelines => pipelines.Add(Pipeline, pipeline => pipeline.From("gauged", partitions: Partitions).To(Sink.Topic("gauged.copies"))), Silos);
    }

    public async Task DisposeAsync()
    {
        _listener.Dispose();
        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task The_silos_together_tell_of_every_task_once_and_each_how_many_silos_there_are()
    {
        var builder = new RecordBatchBuilder();
        builder.Append("key"u8, "value"u8, timestamp: DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        var batch = builder.Build();
        for (var partition = 0; partition < Partitions; partition++)
        {
            await _cluster.Topics.AppendAsync(new(Pipeline, partition), batch);
        }

        _listener.Start();
        var tasks = await TasksAsync();

        Assert.Equal((Partitions, Partitions), Count(tasks));
        Assert.Equal(Silos * 5, tasks.Count);
        Assert.Contains(_seen, seen => seen.Name == "pipeline.cluster.silos" && seen.Value == Silos);
        Assert.Contains(_seen, seen => seen.Name == "pipeline.workers.limit" && seen.Value == Environment.ProcessorCount);
    }

    /// <summary>
    /// Gets the metrics of tasks, once all of them have committed and run. Silos learn of each other in turn, so a task may have begun on
    /// the wrong silo. The next call moves it.
    /// </summary>
    private async Task<List<(string Name, double Value, string? Pipeline, string? State)>> TasksAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        List<(string Name, double Value, string? Pipeline, string? State)> tasks;
        do
        {
            await Task.WhenAll(Enumerable.Range(0, Partitions).Select(partition => _cluster.WhenCommittedAsync(
                new(Pipeline, Pipeline, partition),
                1)));
            _seen.Clear();
            _listener.RecordObservableInstruments();
            tasks = [.. _seen.Where(seen => seen is { Name: "pipeline.stage.tasks", Pipeline: Pipeline })];
        }
        while (Count(tasks) != (Partitions, Partitions) && !patience.IsCancellationRequested);

        return tasks;
    }

    private static (double All, double Running) Count(List<(string Name, double Value, string? Pipeline, string? State)> tasks) =>
        (tasks.Sum(task => task.Value), tasks.Where(task => task.State == "running").Sum(task => task.Value));

    private void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var all = tags.ToArray().ToDictionary(tag => tag.Key, tag => tag.Value as string);
        _seen.Add((instrument.Name, value, all.GetValueOrDefault("pipeline.name"), all.GetValueOrDefault("pipeline.task.state")));
    }
}
