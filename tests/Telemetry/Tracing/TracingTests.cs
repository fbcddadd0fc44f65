using System.Diagnostics;
using Orleans.Pipeline.Client;
using Orleans.Pipeline.Telemetry.Tests.Hosting;

namespace Orleans.Pipeline.Telemetry.Tests.Tracing;

/// <summary>How the spans of a record hang together.</summary>
public sealed class TracingTests
{
    private static readonly TopicPartition Source = new("first", 0);

    [Fact]
    public async Task A_record_is_in_one_trace_from_its_producer_through_every_stage()
    {
        using var recorder = new Recorder();
        await using var host = await TelemetryHost.StartAsync(Define);
        using var request = PipelineTelemetry.Source.StartActivity("request")!;
        await using (var producer = new Producer(host.Store, Source.Topic))
        {
            await producer.SendAsync("key", "value");
        }

        await host.Engine.WhenCommittedAsync(new TaskId("two", "second", 0), 1);
        await host.DisposeAsync();

        var spans = recorder.Spans.Where(span => span.TraceId == request.TraceId).ToList();
        foreach (var (child, parent) in new[]
        {
            ("send first", "request"), ("append first", "send first"), ("chunk two/first", "process two/first"),
            ("step Map", "chunk two/first"), ("step To(second)", "chunk two/first"), ("commit two/first", "process two/first"), (
                "chunk two/second", "process two/second"),
        })
        {
            Assert.Equal((child, IdOf(parent)), (child, Assert.Single(spans, span => span.DisplayName == child).ParentSpanId));
        }

        Assert.Equal(2, spans.Count(span => span.DisplayName.StartsWith("process", StringComparison.Ordinal)));

        ActivitySpanId IdOf(string name) => name == "request"
            ? request.SpanId
            : Assert.Single(spans, span => span.DisplayName == name && span.StartTimeUtc >= request.StartTimeUtc).SpanId;
    }

    [Theory]
    [InlineData(Compression.None)]
    [InlineData(Compression.Gzip)]
    public async Task A_batch_with_records_of_several_traces_is_linked_to_each_up_to_a_bound(Compression compression)
    {
        using var recorder = new Recorder();
        await using var host = await TelemetryHost.StartAsync(Define);
        var traces = Enumerable.Range(0, TraceLinks.Most + 8).Select(_ => ActivityTraceId.CreateRandom()).ToList();
        var builder = new RecordBatchBuilder();
        foreach (var trace in traces)
        {
            builder.Append(
                "key"u8,
                "value"u8,
                timestamp: DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(),
                [Header.Text("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-01")]);
        }

        await host.Store.AppendAsync(Source, builder.Build(compression: compression));
        await host.Engine.WhenCommittedAsync(new TaskId("two", "first", 0), traces.Count);
        await host.DisposeAsync();

        var batch = Assert.Single(recorder.Spans, span => span.DisplayName == "process two/first");
        Assert.Equal(traces.Take(TraceLinks.Most), batch.Links.Select(link => link.Context.TraceId));
        Assert.DoesNotContain(batch.TraceId, traces);
        Assert.Equal(batch.TraceId, Assert.Single(recorder.Spans, span => span.DisplayName == "commit two/first").TraceId);
    }

    [Fact]
    public async Task There_is_one_span_a_batch_a_chunk_and_a_commit_and_none_a_record()
    {
        using var recorder = new Recorder();
        await using var host = await TelemetryHost.StartAsync(Define);
        var builder = new RecordBatchBuilder();
        for (var record = 0; record < 1000; record++)
        {
            builder.Append("key"u8, "value"u8, timestamp: DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        }

        await host.Store.AppendAsync(Source, builder.Build());
        await host.Engine.WhenCommittedAsync(new TaskId("two", "first", 0), 1000);
        await host.Engine.WhenCommittedAsync(new TaskId("two", "second", 0), 1000);
        await host.DisposeAsync();

        Assert.Equal(
            ["append first", "chunk two/first", "chunk two/second", "commit two/first", "commit two/second", "process two/first", "process two/second",
                "step Deserialize", "step Deserialize", "step Map", "step To(done)", "step To(second)"],
            recorder.Spans.Select(span => span.DisplayName).Order(StringComparer.Ordinal));
    }

    private static void Define(PipelineCatalog pipelines) => pipelines.Add("two", pipeline => pipeline
        .From("first", Serializers.Text, partitions: 1)
        .Map(text => text)
        .Through("second", partitions: 1, serializer: Serializers.Text)
        .To(Table.Insert<string>("done").Column("text", text => text)));
}
