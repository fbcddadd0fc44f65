using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Pipeline.Processing.Tests.Pipelines;
using Orleans.Pipeline.Sinks;
using Orleans.Pipeline.Tasks;

namespace Orleans.Pipeline.Processing.Tests.Sinks;

public sealed class DeliverySinkTests
{
    [Fact]
    public async Task A_delivery_tells_its_offsets_and_each_value_its_record()
    {
        var sink = new Collecting();
        var stage = new Stage(pipeline => pipeline.From("source", Serializers.Text).FlatMap(text => text.Split(' ')).To(sink));

        await DeliverAsync(stage, "a b", "c");

        Assert.Equal(["tested/source/0/100-102: 0=a 0=b 1=c"], sink.Deliveries);
    }

    [Fact]
    public async Task A_sink_is_told_where_a_task_goes_on()
    {
        var sink = new Collecting();
        var stage = new Stage(pipeline => pipeline.From("source", Serializers.Text).To(sink));

        await stage.Program.OpenAsync(Stage.Task, nextOffset: 7, CancellationToken.None);

        Assert.Equal(["open tested/source/0 at 7"], sink.Deliveries);
    }

    [Fact]
    public async Task A_sink_comes_from_the_services()
    {
        var services = new ServiceCollection().AddSingleton<Collecting>().BuildServiceProvider();
        var stage = new Stage(pipeline => pipeline.From("source", Serializers.Text).To<Collecting>(), services);

        await DeliverAsync(stage, "a");

        Assert.Equal(["tested/source/0/100-101: 0=a"], services.GetRequiredService<Collecting>().Deliveries);
    }

    [Fact]
    public async Task The_console_gets_a_line_for_each_value()
    {
        using var output = new MemoryStream();
        var stage = new Stage(pipeline => pipeline.From("source").To(new ConsoleSink(() => output)));

        await DeliverAsync(stage, "a", "b");
        await DeliverAsync(stage, "c");

        Assert.Equal("a\nb\nc\n", Encoding.UTF8.GetString(output.ToArray()));
    }

    private static async Task DeliverAsync(Stage stage, params string[] values)
    {
        var result = await stage.Program.RunAsync(
            new Chunk(Stage.Task, new("source", 0), Stage.Batch(values), Skip: 0, values.Length), CancellationToken.None);
        await result.DeliverAsync(Stage.Task, 100, 100 + values.Length, CancellationToken.None);
    }

    private sealed class Collecting : ISink<string>
    {
        public List<string> Deliveries { get; } = [];

        public ValueTask OpenAsync(TaskId task, long nextOffset, CancellationToken cancellationToken)
        {
            Deliveries.Add($"open {task} at {nextOffset}");
            return ValueTask.CompletedTask;
        }

        public ValueTask WriteAsync(Delivery<string> delivery, CancellationToken cancellationToken)
        {
            Deliveries.Add($"{delivery.Id}: {string.Join(' ', delivery.Values.Select(value => $"{value.Offset}={value.Value}"))}");
            return ValueTask.CompletedTask;
        }
    }
}
