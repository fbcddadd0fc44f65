using System.Reflection;
using System.Reflection.Emit;
using Orleans.Pipeline.Tasks.Telemetry;
using Orleans.Pipeline.Telemetry.Tests.Hosting;

namespace Orleans.Pipeline.Telemetry.Tests.Measuring;

/// <summary>However many names come, the series are bounded.</summary>
public sealed class CardinalityTests
{
    [Fact]
    public async Task A_thousand_and_more_topics_share_the_series_that_are_left()
    {
        await using var host = await TelemetryHost.StartAsync(Define);
        var builder = new RecordBatchBuilder();
        builder.Append(default, "x"u8, timestamp: DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        var batch = builder.Build();
        await Task.WhenAll(Enumerable.Range(0, 1100).Select(async number =>
        {
            await host.Store.CreateTopicAsync($"topic-{number}", new TopicSettings { Partitions = 1 });
            await host.Store.AppendAsync(new TopicPartition($"topic-{number}", 0), batch);
        }));

        var series = (await host.MetricsAsync())
            .Text.Split('\n')
            .Where(line => line.StartsWith("pipeline_topic_append_records_total{", StringComparison.Ordinal))
            .ToList();

        Assert.InRange(series.Count, 900, 1001);
        Assert.Single(series, line => line.Contains("otel_metric_overflow=\"true\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_topic_that_does_not_exist_is_not_named()
    {
        using var recorder = new Recorder();
        await using var host = await TelemetryHost.StartAsync(Define);
        var builder = new RecordBatchBuilder();
        builder.Append(default, "x"u8, timestamp: DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        await Assert.ThrowsAsync<UnknownTopicException>(() => host.Store.AppendAsync(
            new TopicPartition("made-up", 0),
            builder.Build()).AsTask());

        Assert.DoesNotContain(recorder.Measurements, seen => Equals(seen.Tags.GetValueOrDefault("pipeline.topic"), "made-up"));
        Assert.Contains(
            recorder.Measurements, seen => seen.Name == "pipeline.topic.append.duration" && Equals(seen.Tags["pipeline.topic"], "_OTHER"));
    }

    [Fact]
    public void The_fifty_first_type_of_error_of_a_stage_is_another()
    {
        var errors = new ErrorTypes();
        var names = Types(60).Select(errors.NameOf).ToList();

        Assert.Equal(50, names.Distinct().Count(name => name != "_OTHER"));
        Assert.All(names[50..], name => Assert.Equal("_OTHER", name));
    }

    private static void Define(PipelineCatalog pipelines) => pipelines.Add("only", pipeline => pipeline
        .From("one", Serializers.Text, partitions: 1)
        .To(Sink.Topic("other"), key: null, Serializers.Text));

    private static IEnumerable<Type> Types(int count)
    {
        var module = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("Errors"), AssemblyBuilderAccess.Run)
            .DefineDynamicModule("Errors");
        return Enumerable.Range(0, count)
            .Select(number => module.DefineType($"Error{number}", TypeAttributes.Public, typeof(Exception)).CreateType());
    }
}
