using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Pipeline.Tasks;

namespace Orleans.Pipeline.Processing.Tests.Pipelines;

public sealed class StepTests
{
    [Fact]
    public async Task Map_and_Where_keep_the_order()
    {
        var stage = Numbers(numbers => numbers.Map(number => number * 10).Where(number => number != 20).To(Out));

        Assert.Equal(["10", "30", "40"], (await stage.CommitOfAsync("1", "2", "3", "4")).ValuesOf("out"));
    }

    [Fact]
    public async Task FlatMap_yields_none_one_or_several_in_order()
    {
        var stage = Numbers(numbers => numbers.FlatMap(number => Enumerable.Range(number * 10, number)).To(Out));

        Assert.Equal(["10", "20", "21"], (await stage.CommitOfAsync("0", "1", "2")).ValuesOf("out"));
    }

    [Fact]
    public async Task A_flat_map_that_fails_halfway_leaves_nothing_in_any_sink()
    {
        var delivered = new Collected();
        var stage = Numbers(numbers =>
        {
            var several = numbers.FlatMap(Failing, name: "several");
            several.To(Out);
            several.To(delivered);
            several.To(Table.Insert<int>("rows").Column("n", number => number));
            several.To(Table.Add<int>("sums").Key("k", _ => 1).Sum("n", number => number));
        });

        await stage.RunAsync(Stage.Batch("1", "2", "3"));
        var commit = stage.ToCommit();

        Assert.Equal(["1", "3"], commit.ValuesOf("out"));
        Assert.Equal(["1", "3"], commit.RowsOf("rows"));
        Assert.Equal(["1 4"], commit.RowsOf("sums"));
        Assert.Equal("2", Assert.Single(commit.DeadLettersOf()).Value);

        static IEnumerable<int> Failing(int number)
        {
            yield return number;
            if (number == 2)
            {
                throw new PermanentException("halfway");
            }
        }
    }

    [Fact]
    public async Task Branches_each_see_every_value()
    {
        var stage = Numbers(numbers =>
        {
            numbers.Where(number => number > 1).To(Sink.Topic("large"));
            numbers.Map(number => -number).To(Sink.Topic("negative")).To(Sink.Topic("again"));
        });

        var commit = await stage.CommitOfAsync("1", "2");

        Assert.Equal(["2"], commit.ValuesOf("large"));
        Assert.Equal(["-1", "-2"], commit.ValuesOf("negative"));
        Assert.Equal(["-1", "-2"], commit.ValuesOf("again"));
    }

    [Fact]
    public async Task A_branch_that_fails_leaves_nothing_in_the_others()
    {
        var stage = Numbers(numbers =>
        {
            numbers.To(Out);
            numbers.Map(number => 1 / number, name: "invert").To(Sink.Topic("inverted"));
        });

        var commit = await stage.CommitOfAsync("1", "0");

        Assert.Equal(["1"], commit.ValuesOf("out"));
        Assert.Contains($"{DeadLetterHeaders.Step}=invert", Assert.Single(commit.DeadLettersOf()).Headers);
    }

    [Fact]
    public void Through_writes_one_stage_and_begins_the_next()
    {
        var definition = Numbers(numbers => numbers.Through("middle", number => $"{number}", partitions: 3).To(Out)).Definition;

        Assert.Equal(["source", "middle"], definition.Stages.Select(stage => stage.Source.Value));
        Assert.Equal(["middle"], definition.Stages[0].Outputs.Select(topic => topic.Value));
        Assert.Equal(3, definition.Stages[1].Partitions);
    }

    [Fact]
    public async Task The_context_tells_where_a_record_came_from()
    {
        var seen = new List<string>();
        var stage = Numbers(numbers => numbers.Map((number, context) =>
        {
            seen.Add($"{context.Task} {context.Source} {context.Offset} {context.TimestampMs} {context.HasKey} {context.Attempt}");
            return number;
        }).To(Out));

        await stage.RunAsync(new Chunk(Stage.Task, new("source", 0), Stage.Batch("1", "2", "3"), Skip: 1, Count: 1));

        Assert.Equal(["tested/source/0 source/0 1 1001 False 1"], seen);
    }

    [Fact]
    public async Task A_step_is_resolved_from_the_services_once()
    {
        var services = new ServiceCollection().AddSingleton(new Offset(5)).AddSingleton<AddOffset>().BuildServiceProvider();
        var stage = new Stage(pipeline => Read(pipeline).Step<AddOffset, int>().To(Out), services);

        Assert.Equal(["6"], (await stage.CommitOfAsync("1")).ValuesOf("out"));
        Assert.Equal(1, services.GetRequiredService<AddOffset>().Calls);
    }

    [Fact]
    public async Task A_step_that_is_not_registered_is_created_with_its_dependencies()
    {
        var services = new ServiceCollection().AddSingleton(new Offset(7)).BuildServiceProvider();
        var stage = new Stage(
            pipeline => Read(pipeline).Step<AddOffset, int>().FlatStep<Twice, int>().StepAsync<AddOffsetLater, int>().To(Out), services);

        Assert.Equal(["15", "15"], (await stage.CommitOfAsync("1")).ValuesOf("out"));
    }

    [Fact]
    public async Task A_step_object_serves_as_it_is()
    {
        var step = new AddOffset(new Offset(1));

        Assert.Equal(["2", "3"], (await Numbers(numbers => numbers.Step(step).To(Out)).CommitOfAsync("1", "2")).ValuesOf("out"));
        Assert.Equal(2, step.Calls);
    }

    [Fact]
    public async Task A_compressed_batch_is_processed_like_another()
    {
        var stage = Numbers(numbers => numbers.To(Out));
        var builder = new Orleans.Pipeline.RecordBatchBuilder();
        builder.Append(default, "1"u8, timestamp: 0);
        builder.Append(default, "2"u8, timestamp: 0);

        await stage.RunAsync(builder.Build(compression: Orleans.Pipeline.Compression.Gzip));

        Assert.Equal(["1", "2"], stage.ToCommit().ValuesOf("out"));
    }

    private static Sink Out => Sink.Topic("out");

    private static Stage Numbers(Action<StageBuilder<int>> define) => new(pipeline => define(Read(pipeline)));

    private static StageBuilder<int> Read(PipelineBuilder pipeline) =>
        pipeline.From("source", Serializers.Text).Map(text => int.Parse(text, CultureInfo.InvariantCulture));

    private sealed record Offset(int Value);

    private sealed class AddOffset(Offset offset) : IStep<int, int>
    {
        public int Calls { get; private set; }

        public int Process(int input, StepContext context)
        {
            Calls++;
            return input + offset.Value;
        }
    }

    private sealed class Twice : IFlatStep<int, int>
    {
        public IEnumerable<int> Process(int input, StepContext context) => [input, input];
    }

    private sealed class AddOffsetLater(Offset offset) : IAsyncStep<int, int>
    {
        public async ValueTask<int> ProcessAsync(int input, StepContext context, CancellationToken cancellationToken)
        {
            await Task.Yield();
            return input + offset.Value;
        }
    }

    private sealed class Collected : ISink<int>
    {
        public ValueTask WriteAsync(Delivery<int> delivery, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
