using System.Diagnostics;
using Orleans.Pipeline.EndToEnd.Tests.Crashes;
using Orleans.Pipeline.Numbers;

namespace Orleans.Pipeline.EndToEnd.Tests.Tracing;

public sealed class TraceTests : IDisposable
{
    private readonly ActivitySource _application = new(nameof(TraceTests));
    private readonly ActivityListener _listener;

    public TraceTests()
    {
        _listener = new()
        {
            ShouldListenTo = source => source == _application,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public void Dispose()
    {
        _listener.Dispose();
        _application.Dispose();
    }

    [Fact]
    public async Task One_trace_goes_from_a_producer_through_the_gateway_and_the_tasks_of_another_process_to_a_consumer()
    {
        await using var host = new RestartedHost(Random.Shared);
        await host.Process.ReadyAsync();
        await using var producer = host.Client.CreateProducer(NumbersPipeline.Source);
        ActivityContext sent;
        using (var request = _application.StartActivity("request")!)
        {
            request.TraceStateString = "vendor=1";
            sent = request.Context;
            await producer.SendAsync("key", new Numbered("key", 0).ToJson());
        }

        await producer.SendAsync("key", new Numbered("key", 1).ToJson());
        await host.DrainAsync();

        var traces = new List<ActivityContext?>();
        await using var consumer = host.Client.CreateConsumer(NumbersPipeline.Copied, new() { StopAtEnd = true });
        await foreach (var record in consumer.ReadAsync())
        {
            traces.Add(record.TraceContext);
        }

        Assert.Equal(
            [new ActivityContext(sent.TraceId, sent.SpanId, ActivityTraceFlags.Recorded, "vendor=1", isRemote: true), null], traces);
    }
}
