using System.Diagnostics;
using Orleans.Pipeline.Client.Producing;
using Orleans.Pipeline.Telemetry;

namespace Orleans.Pipeline.Client.Tests;

/// <summary>The spans of a producer's batches.</summary>
public sealed class ProducerSpanTests
{
    [Fact]
    public void A_batch_is_linked_to_each_trace_of_its_records_once_and_to_no_more_than_a_span_may_have()
    {
        var batch = new ProducerBatch(new RecordBatchBuilder(), null!, TimeSpan.Zero, TimeSpan.Zero);
        ActivityContext[] traces = [.. Enumerable.Range(0, TraceLinks.Most + 1).Select(_ => new ActivityContext(
            ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded))];

        foreach (var number in Enumerable.Range(0, 100))
        {
            batch.NoteTrace(traces[number % 2]);
        }

        Assert.Equal(traces[..2], batch.Traces);
        Array.ForEach(traces, trace => batch.NoteTrace(trace));
        Assert.Equal(traces[..TraceLinks.Most], batch.Traces);
    }

    [Fact]
    public void Batches_that_are_sent_one_after_the_other_do_not_get_into_each_others_traces()
    {
        var spans = new List<Activity>();
        using var application = new ActivitySource(nameof(ProducerSpanTests));
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source == application || source.Name == PipelineTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                lock (spans)
                {
                    spans.Add(span);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        var bench = new ProducerBench(topic: "traced", configure: settings => settings with { BatchBytes = 200, Linger = TimeSpan.Zero });
        bench.Log.IsHolding = true;
        ActivityContext request;
        using (var activity = application.StartActivity("request")!)
        {
            request = activity.Context;
            bench.Send("k", new string('x', 100));
        }

        bench.Send("k", new string('y', 150));
        Assert.Null(Activity.Current);
        bench.Answer();
        bench.Answer();
        bench.Send("k", new string('z', 150));
        bench.Answer();

        List<Activity> sent;
        lock (spans)
        {
            sent = [.. spans.Where(span => span.DisplayName == "send traced")];
        }

        Assert.Equal([request.SpanId, default, default], sent.Select(span => span.ParentSpanId));
    }
}
