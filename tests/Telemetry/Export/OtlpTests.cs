using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Orleans.Pipeline.Client;
using Orleans.Pipeline.Telemetry.Tests.Hosting;

namespace Orleans.Pipeline.Telemetry.Tests.Export;

/// <summary>Telemetry by OTLP, to where OpenTelemetry's variables say.</summary>
public sealed class OtlpTests
{
    [Fact]
    public async Task Metrics_and_the_trace_of_a_record_come_to_where_the_variables_say()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var host = await StartAsync(receiver, ("OTEL_SERVICE_NAME", "till"));

        var trace = await SendAsync(host);
        host.App.Services.GetRequiredService<TracerProvider>().ForceFlush();
        host.App.Services.GetRequiredService<MeterProvider>().ForceFlush();
        await receiver.WhenCameAsync(
            "metrics", "till"u8.ToArray(), "pipeline.stage.input.records"u8.ToArray(), "http.server.request.duration"u8.ToArray());
        var id = new byte[16];
        trace.CopyTo(id);
        await receiver.WhenCameAsync(
            "traces",
            [id, .. new[] { "send originals", "append originals", "process copies/originals", "chunk copies/originals", "step Deserialize", "step To(copied)", "commit copies/originals" }
                .Select(Encoding.UTF8.GetBytes)]);
    }

    [Fact]
    public async Task A_latency_carries_the_trace_it_was_measured_in_as_an_exemplar()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var host = await StartAsync(receiver);

        var trace = await SendAsync(host);

        var text = (await host.MetricsAsync("application/openmetrics-text;version=1.0.0")).Text;
        foreach (var histogram in new[] { "pipeline_stage_latency_seconds", "pipeline_stage_commit_duration_seconds", "pipeline_stage_chunk_duration_seconds", "pipeline_topic_append_duration_seconds" })
        {
            Assert.Contains(text.Split('\n'), line => line.StartsWith($"{histogram}_bucket", StringComparison.Ordinal) && line.Contains(
                $"trace_id=\"{trace.ToHexString()}\"",
                StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Nothing_is_sent_and_no_trace_is_taken_while_no_variable_says_where_to()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using (var host = await TelemetryHost.StartAsync(Define))
        {
            await SendAsync(host);
            Assert.Null(host.App.Services.GetService<TracerProvider>());
            Assert.False(PipelineTelemetry.Source.HasListeners());
        }

        Assert.Equal(0, receiver.Count);
    }

    [Fact]
    public async Task One_signal_can_be_sent_alone()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var host = await TelemetryHost.StartAsync(Define, new Dictionary<string, string?>
        {
            ["OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"] = $"{receiver.Address}/v1/metrics",
            ["OTEL_EXPORTER_OTLP_METRICS_PROTOCOL"] = "http/protobuf",
        });

        await SendAsync(host);
        host.App.Services.GetRequiredService<MeterProvider>().ForceFlush();

        await receiver.WhenCameAsync("metrics", "pipeline.stage.input.records"u8.ToArray());
        Assert.Null(host.App.Services.GetService<TracerProvider>());
    }

    private static Task<TelemetryHost> StartAsync(OtlpReceiver receiver, params (string, string?)[] more) => TelemetryHost.StartAsync(
        Define,
        more.Append(("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.Address)).Append(("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")).ToDictionary());

    private static void Define(PipelineCatalog pipelines) => pipelines.Add("copies", pipeline => pipeline
        .From("originals", Serializers.Text, partitions: 1)
        .To(Sink.Topic("copied"), key: null, Serializers.Text));

    /// <summary>Sends a record from a trace that is sampled elsewhere, and waits until its effect is committed.</summary>
    private static async Task<ActivityTraceId> SendAsync(TelemetryHost host)
    {
        var parent = new ActivityContext(
            ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded, isRemote: true);
        using var trace = new Activity("request").SetParentId(parent.TraceId, parent.SpanId, parent.TraceFlags).Start();
        await using (var client = new PipelineClient(host.Address))
        await using (var producer = client.CreateProducer("originals"))
        {
            await producer.SendAsync("key", "value");
        }
        await host.Engine.WhenCommittedAsync(new TaskId("copies", "originals", 0), 1);
        return parent.TraceId;
    }
}
