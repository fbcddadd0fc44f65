using System.Net.Http.Headers;
using System.Text;
using Orleans.Pipeline.Client;

namespace Orleans.Pipeline.Telemetry.Tests.Hosting;

/// <summary>A job to which everything happens that is measured.</summary>
internal sealed class Job(TelemetryHost host, Recorder recorder)
{
    private static readonly TopicPartition Events = new("events", 0);

    /// <summary>The host's settings: prices, because a host reports money only with prices.</summary>
    public static IReadOnlyDictionary<string, string?> Configuration { get; } = new Dictionary<string, string?>
    {
        ["Cost:Currency"] = "EUR",
        ["Cost:CpuHour"] = "0.04",
        ["Cost:MemoryGibHour"] = "0.005",
        ["Cost:StoredGibMonth"] = "0.1",
        ["Cost:SpotDiscount"] = "0.5",
    };

    public static void Define(PipelineCatalog pipelines)
    {
        var stumbles = new Stumbles();
        pipelines
            .Add("job", pipeline => pipeline
                .Retry(new RetrySettings { Delay = TimeSpan.FromMilliseconds(1) })
                .From("events", Serializers.Text, partitions: 1)
                .Map(Check, "Check")
                .MapAsync((text, _, _) => ValueTask.FromResult(text), concurrency: 2, name: "Wait")
                .To(Table.Insert<string>("seen").Column("text", text => text))
                .To(stumbles)
                .Through("checked", partitions: 1, serializer: Serializers.Text)
                .FlatMap(text => new[] { text, text }, "Double")
                .To(Table.Insert<string>("doubled").Column("text", text => text)))
            .Add("behind", pipeline => pipeline
                .From("late", Serializers.Text, partitions: 1)
                .To(Table.Insert<string>("late").Column("text", text => text)))
            .Add("robbed", pipeline => pipeline
                .From("stolen", Serializers.Text, partitions: 1)
                .To(Table.Insert<string>("stolen").Column("text", text => text)));
    }

    public async Task RunAsync()
    {
        await SendAsync();
        await RepeatAsync();
        await PushBackAsync();
        await RobAsync();
        await LockOutAsync();
        await host.Store.TakeOverAsync(new TaskId("gone", "late", 0), new TopicPartition("late", 0), startOffset: 0);
        await host.Engine.Gauges.RefreshAsync(CancellationToken.None);
        recorder.ReadGauges();
    }

    /// <summary>
    /// Records that are fine, that fail once, and that fail for good, from a client in a trace; the first commit's delivery fails once.
    /// </summary>
    private async Task SendAsync()
    {
        await using var client = new PipelineClient(host.Address);
        await using (var producer = client.CreateProducer(Events.Topic))
        {
            using var trace = PipelineTelemetry.Source.StartActivity("request");
            await Task.WhenAll(new[] { "fine", "again", "bad" }.Select(text => producer.SendAsync("key", text).AsTask()));
        }

        await host.Store.CreateTopicAsync("gone", new TopicSettings());
        await using (var late = client.CreateProducer("gone"))
        {
            await late.SendAsync("key", "x");
            await host.Store.DeleteTopicAsync("gone");
            await Assert.ThrowsAsync<UnknownTopicException>(() => late.SendAsync("key", "x").AsTask());
        }

        await host.Engine.WhenCommittedAsync(new TaskId("job", "events", 0), 3);
        await host.Engine.WhenCommittedAsync(new TaskId("job", "checked", 0), 2);
        await using var consumer = client.CreateConsumer(Events.Topic, new ConsumerSettings { From = ConsumeFrom.Start, StopAtEnd = true });
        await foreach (var record in consumer.ReadAsync())
        {
            record.StartActivity()?.Dispose();
        }

        using var unknown = await host.Http.GetAsync("/v1/topics/nothing");
        await Assert.ThrowsAsync<UnknownTopicException>(() => host.Store.AppendAsync(
            new TopicPartition("nothing", 0),
            Batch("x")).AsTask());
    }

    private async Task RepeatAsync()
    {
        var producer = await host.Store.OpenProducerAsync(name: null);
        var builder = new RecordBatchBuilder();
        builder.Append(default, "fine"u8, timestamp: DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        var batch = builder.Build(producer.Id, producer.Epoch, baseSequence: 0);
        await host.Store.AppendAsync(Events, batch);
        Assert.True((await host.Store.AppendAsync(Events, batch)).IsRepeat);
    }

    /// <summary>A topic that is over its limit, and then loses unread records.</summary>
    private async Task PushBackAsync()
    {
        var late = new TopicPartition("late", 0);
        await host.Engine.PauseAsync("behind");
        await host.Store.UpdateTopicAsync(late.Topic, new TopicChange { LagLimit = 1, RetentionBytes = (long?)1, DiscardUnread = true });
        await host.Store.AppendAsync(late, Batch("1"));
        await host.Store.AppendAsync(late, Batch("2"));
        for (var attempt = 0; attempt < 2; attempt++)
        {
            using var body = new ByteArrayContent(Batch("3").Bytes.ToArray());
            body.Headers.ContentType = new MediaTypeHeaderValue("application/vnd.orleans-pipeline.batch");
            using var refused = await host.Http.PostAsync("/v1/topics/late/partitions/0/batches", body);
            Assert.Equal(429, (int)refused.StatusCode);
        }

        Assert.True(await host.Store.TrimAsync(DateTimeOffset.UtcNow) > 0);
    }

    /// <summary>Another owner takes a task over, whose next commit is refused.</summary>
    private async Task RobAsync()
    {
        var stolen = new TopicPartition("stolen", 0);
        await host.Store.TakeOverAsync(new TaskId("robbed", "stolen", 0), stolen, startOffset: 0);
        await host.Store.AppendAsync(stolen, Batch("x"));
        await recorder.WhenSeenAsync(seen => seen.Counts("pipeline.stage.task.fencings"));
    }

    /// <summary>Another program holds the database.</summary>
    private async Task LockOutAsync()
    {
        using (OtherWriter.Begin(host.DatabasePath))
        {
            await Assert.ThrowsAsync<StoreUnavailableException>(() => host.Store.AppendAsync(Events, Batch("x")).AsTask());
        }
    }

    private static RecordBatch Batch(string text)
    {
        var builder = new RecordBatchBuilder();
        builder.Append(default, Encoding.UTF8.GetBytes(text), timestamp: DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        return builder.Build();
    }

    private static string Check(string text, StepContext context) => text switch
    {
        "again" when context.Attempt == 1 => throw new IOException("The first attempt fails."),
        "bad" => throw new FormatException("It is bad."),
        _ => text,
    };

    /// <summary>A sink whose first delivery fails.</summary>
    private sealed class Stumbles : ISink<string>
    {
        private bool _stumbled;

        public ValueTask WriteAsync(Delivery<string> delivery, CancellationToken cancellationToken)
        {
            if (!_stumbled)
            {
                _stumbled = true;
                throw new IOException("The first delivery fails.");
            }

            return ValueTask.CompletedTask;
        }
    }
}
