using System.Text;

namespace Orleans.Pipeline.Contracts;

/// <summary>The pipelines that an engine runs in its tests, and what goes in and comes out.</summary>
public abstract class EnginePipelines : IAsyncLifetime
{
    /// <summary>Where numbers go in.</summary>
    protected static readonly TopicPartition Source = new("numbers", 0);

    private readonly TaskCompletionSource _waiting = new();
    private readonly TaskCompletionSource _cancelled = new();
    private volatile bool _mended;

    /// <summary>The engine.</summary>
    protected IEngineUnderTest Running { get; private set; } = null!;

    /// <summary>Completes when the step that never ends has begun.</summary>
    protected Task Waiting => _waiting.Task;

    /// <summary>Completes when the step that never ends was cancelled.</summary>
    protected Task Cancelled => _cancelled.Task;

    public async Task InitializeAsync() => Running = await StartAsync();

    public async Task DisposeAsync() => await Running.DisposeAsync();

    protected abstract Task<IEngineUnderTest> StartAsync();

    /// <summary>Makes the step that fails for bad records take them.</summary>
    protected void Mend() => _mended = true;

    protected static bool Fits(int number) => number % 3 != 0;

    protected void Define(PipelineCatalog pipelines) => pipelines
        .Add("doubles", pipeline => pipeline
            .From("numbers", Serializers.Text, partitions: 1)
            .Map(text => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture), "Parse")
            .Where(Fits)
            .Map(number => $"{number * 2}")
            .To(Sink.Topic("doubled"), key: null, Serializers.Text)
            .To(new Nowhere()))
        .Add("parses", pipeline => pipeline
            .From("texts", Serializers.Text, partitions: 1)
            .Map(text => _mended || !text.StartsWith("bad", StringComparison.Ordinal) ? text : throw new FormatException(text), "parse")
            .Through("parsed", key: null, partitions: 1, Serializers.Text)
            .To(Sink.Topic("stored"), key: null, Serializers.Text))
        .Add("copies", pipeline => pipeline
            .From("texts", Serializers.Text, partitions: 1)
            .To(Sink.Topic("copied"), key: null, Serializers.Text))
        .Add("awaits", pipeline => pipeline
            .From("texts", Serializers.Text, partitions: 1)
            .MapAsync((text, _, _) => ValueTask.FromResult(text), concurrency: 2)
            .To(Sink.Topic("awaited"), key: null, Serializers.Text))
        .Add("waits", pipeline => pipeline
            .From("held", Serializers.Text, partitions: 1)
            .MapAsync((value, _, cancellationToken) => WaitAsync(value, cancellationToken), concurrency: 1)
            .To(Sink.Topic("released"), key: null, Serializers.Text))
        .Add("mends", pipeline => pipeline
            .Retry(new RetrySettings { Delay = TimeSpan.FromMilliseconds(1) })
            .From("broken", Serializers.Text, partitions: 1)
            .Map((text, context) => context.Attempt > 1 ? text : throw new IOException("The first attempt fails."))
            .To(Table.Insert<string>("mended").Column("text", text => text)));

    /// <summary>Passes over the records whose step never ends, for which a stop would wait.</summary>
    protected async Task LetGoAsync() => await Running.Engine.SeekAsync("waits", SeekTarget.End);

    protected Task AppendTextAsync(params string[] values) => AppendTextAsync(Source, values);

    protected Task AppendAsync(int first, int count) => AppendTextAsync([.. Enumerable.Range(first, count).Select(number => $"{number}")]);

    protected async Task AppendTextAsync(TopicPartition partition, params string[] values)
    {
        var builder = new RecordBatchBuilder();
        foreach (var value in values)
        {
            builder.Append(default, Encoding.UTF8.GetBytes(value), timestamp: DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        }

        await Running.Topics.AppendAsync(partition, builder.Build());
    }

    protected Task<List<string>> OutputAsync() => ReadAsync(new TopicPartition("doubled", 0));

    protected async Task<List<string>> ReadAsync(TopicPartition partition)
    {
        var values = new List<string>();
        var end = (await Running.Topics.GetBoundsAsync(partition)).End;
        for (var offset = 0L; offset < end;)
        {
            foreach (var batch in await Running.Topics.ReadAsync(partition, offset, 1 << 20, TimeSpan.Zero))
            {
                foreach (var record in batch)
                {
                    values.Add(Encoding.UTF8.GetString(record.ValueSpan));
                }

                offset = batch.NextOffset;
            }
        }

        return values;
    }

    /// <summary>A step that ends only when it is cancelled.</summary>
    private async ValueTask<string> WaitAsync(string value, CancellationToken cancellationToken)
    {
        using var cancelled = cancellationToken.Register(() => _cancelled.TrySetResult());
        _waiting.TrySetResult();
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        return value;
    }

    /// <summary>A sink of a user's own.</summary>
    protected sealed class Nowhere : ISink<string>
    {
        public ValueTask WriteAsync(Delivery<string> delivery, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
