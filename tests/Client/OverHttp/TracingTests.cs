using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Orleans.Pipeline.Client.Tests.OverHttp;

/// <summary>
/// Traces of records, and the metrics of clients, at a gateway whose pipeline copies <c>orders</c> except records that are <c>bad</c>, and
/// reports the traces that its step sees.
/// </summary>
public sealed class TracingTests : ClientTest
{
    private readonly List<Activity> _spans = [];
    private readonly ActivitySource _application = new(nameof(TracingTests));
    private readonly ActivityListener _listener;
    private readonly List<ActivityContext?> _seen = [];

    public TracingTests()
    {
        _listener = new()
        {
            ShouldListenTo = source => source.Name is PipelineTelemetry.Name || source == _application,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                lock (_spans)
                {
                    _spans.Add(span);
                }
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public override async Task DisposeAsync()
    {
        _listener.Dispose();
        _application.Dispose();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task A_trace_goes_from_the_sender_through_the_pipeline_to_the_reader_and_to_the_dead_letters()
    {
        ActivityContext trace;
        await using var producer = Client.CreateProducer("orders");
        using (var request = _application.StartActivity("request")!)
        {
            request.TraceStateString = "vendor=1";
            trace = request.Context;
            await producer.SendAsync("k", "good");
            await producer.SendAsync(new ProducerRecord { Value = "bad"u8.ToArray(), Headers = [Header.Text("h", "v")] });
        }

        await Client.Admin.DrainAsync("copy");

        var copied = await SingleAsync("orders.copied");
        var dead = await SingleAsync("copy.dead-letters");
        Assert.Equal(
            (trace.TraceId, trace.SpanId, ActivityTraceFlags.Recorded, "vendor=1", true),
            copied.TraceContext is { } read ? (read.TraceId, read.SpanId, read.TraceFlags, read.TraceState, read.IsRemote) : default);
        Assert.Equal(trace.SpanId, dead.TraceContext?.SpanId);
        Assert.Equal(["h", "traceparent", "tracestate"], dead.Headers.Select(header => header.Name).Take(3));
        Assert.All(_seen, context => Assert.Equal(trace.SpanId, context?.SpanId));
        Assert.Equal(2, _seen.Count);
        using var span = copied.StartActivity();
        Assert.Equal(
            (trace.TraceId, trace.SpanId, "process orders.copied", ActivityKind.Consumer),
            (span!.TraceId, span.ParentSpanId, span.DisplayName, span.Kind));
    }

    [Fact]
    public async Task A_batch_has_one_span_in_the_trace_of_its_records_or_linked_to_their_traces()
    {
        await using var producer = Client.CreateProducer(
            "orders", new() { Linger = TimeSpan.FromHours(1), DeliveryTimeout = TimeSpan.FromHours(2) });
        ActivityContext first, second;
        using (var request = _application.StartActivity("first")!)
        {
            first = request.Context;
            await producer.EnqueueAsync("k", "1");
            await producer.EnqueueAsync("k", "2");
            await producer.FlushAsync();
        }

        await producer.EnqueueAsync("k", "without a trace");
        using (var request = _application.StartActivity("second")!)
        {
            second = request.Context;
            await producer.EnqueueAsync("k", "3");
        }

        using (var request = _application.StartActivity("third")!)
        {
            await producer.EnqueueAsync("k", "4");
        }

        await producer.FlushAsync();

        var (alone, linked) = (
            SpanOf(batch => batch.ParentSpanId == first.SpanId),
            SpanOf(batch => batch.Links.Any(link => link.Context.SpanId == second.SpanId)));
        Assert.Equal((first.TraceId, ActivityKind.Producer, "send orders"), (alone.TraceId, alone.Kind, alone.DisplayName));
        Assert.Equal((2, "orders", "send"), (
            alone.GetTagItem("messaging.batch.message_count"),
            alone.GetTagItem("messaging.destination.name"),
            alone.GetTagItem("messaging.operation.name")));
        Assert.Equal(
            (3, 2, default(ActivitySpanId)),
            (linked.GetTagItem("messaging.batch.message_count"), linked.Links.Count(), linked.ParentSpanId));
    }

    [Fact]
    public async Task A_record_keeps_the_trace_that_it_names_itself_and_one_without_room_goes_without()
    {
        const string Own = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        await using var producer = Client.CreateProducer("orders", new() { Limits = new RecordLimits { Headers = 1, RecordBytes = 200 } });
        using (_application.StartActivity("request"))
        {
            await producer.SendAsync(new ProducerRecord { Partition = 0, Headers = [Header.Text("traceparent", Own)] });
            await producer.SendAsync(new ProducerRecord { Partition = 0, Headers = [Header.Text("h", "v")] });
            await producer.SendAsync(new ProducerRecord { Partition = 0, Value = new byte[150] });
        }

        await producer.SendAsync(new ProducerRecord { Partition = 0 });

        var headers = new List<string>();
        await using var consumer = Client.CreateConsumer("orders", new() { StopAtEnd = true });
        await foreach (var record in consumer.ReadAsync())
        {
            headers.Add(string.Join(' ', record.Headers.Select(header => $"{header.Name}={header.AsText()}")));
        }

        Assert.Equal([$"traceparent={Own}", "h=v", "", ""], headers);
    }

    [Fact]
    public async Task What_is_sent_and_read_is_measured_per_batch()
    {
        using var measured = new Measurements("measured");
        await Client.Admin.CreateTopicAsync("measured", new TopicSettings { Partitions = 1 });
        await using (var producer = Client.CreateProducer("measured"))
        {
            await Task.WhenAll(Enumerable.Range(0, 10).Select(number => producer.SendAsync("k", $"{number}").AsTask()));
        }

        await using var consumer = Client.CreateConsumer("measured", new() { StopAtEnd = true });
        await foreach (var record in consumer.ReadAsync())
        {
            Assert.Equal(10 - record.Offset - 1, await consumer.GetLagAsync());
        }

        Assert.Equal(10, measured.Sum("messaging.client.sent.messages"));
        Assert.Equal(10, measured.Sum("messaging.client.consumed.messages"));
        Assert.Equal(measured.Sum("pipeline.producer.sent.bytes"), measured.Sum("pipeline.consumer.received.bytes"));
        Assert.Equal(measured.Sum("pipeline.producer.sent.bytes"), measured.Sum("pipeline.producer.batch.size"));
        Assert.True(measured.Sum("messaging.client.operation.duration") > 0);
        Assert.Equal([10, 0], measured.Levels("pipeline.consumer.lag"));
    }

    private protected override Task<GatewayHost> StartAsync() => GatewayHost.StartAsync(
        define: pipelines => pipelines.Add("copy", pipeline => pipeline
            .From("orders", partitions: 2)
            .Map((value, context) =>
            {
                lock (_seen)
                {
                    _seen.Add(context.TraceContext);
                }

                return value.Span.SequenceEqual("bad"u8) ? throw new PermanentException("It is bad.") : value;
            })
            .To(Sink.Topic("orders.copied", partitions: 2))));

    private Activity SpanOf(Func<Activity, bool> isIt)
    {
        lock (_spans)
        {
            return Assert.Single(
                _spans, span => span.Source.Name == PipelineTelemetry.Name && span.Kind == ActivityKind.Producer && isIt(span));
        }
    }

    private async Task<ConsumerRecord> SingleAsync(string topic)
    {
        var records = new List<ConsumerRecord>();
        await using var consumer = Client.CreateConsumer(topic, new() { StopAtEnd = true });
        await foreach (var record in consumer.ReadAsync())
        {
            records.Add(record);
        }

        return Assert.Single(records);
    }

    /// <summary>The measurements of one topic.</summary>
    private sealed class Measurements : IDisposable
    {
        private readonly MeterListener _meters = new();
        private readonly List<(string Name, double Value)> _taken = [];

        public Measurements(string topic)
        {
            _meters.InstrumentPublished = (instrument, meters) =>
            {
                if (instrument.Meter.Name == PipelineTelemetry.Name)
                {
                    meters.EnableMeasurementEvents(instrument);
                }
            };
            _meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(topic, instrument, value, tags));
            _meters.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Take(topic, instrument, value, tags));
            _meters.Start();
        }

        public double Sum(string name)
        {
            lock (_taken)
            {
                return _taken.Where(taken => taken.Name == name).Sum(taken => taken.Value);
            }
        }

        /// <summary>What an instrument that goes up and down stood at after each measurement that changed it.</summary>
        public IEnumerable<double> Levels(string name)
        {
            var level = 0.0;
            lock (_taken)
            {
                return [.. _taken.Where(taken => taken.Name == name && taken.Value != 0).Select(taken => level += taken.Value)];
            }
        }

        public void Dispose() => _meters.Dispose();

        private void Take(string topic, Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            foreach (var tag in tags)
            {
                if (tag.Key is "pipeline.topic" or "messaging.destination.name" && tag.Value as string == topic)
                {
                    lock (_taken)
                    {
                        _taken.Add((instrument.Name, value));
                    }
                }
            }
        }
    }
}
