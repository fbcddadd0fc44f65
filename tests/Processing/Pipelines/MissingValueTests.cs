namespace Orleans.Pipeline.Processing.Tests.Pipelines;

/// <summary>Records without a value (tombstones) on their way through a stage.</summary>
public sealed class MissingValueTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("missing-values-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Bytes_without_a_value_stay_without_a_value_and_empty_ones_stay_empty(bool awaits)
    {
        var stage = new Stage(pipeline =>
        {
            var source = pipeline.From("source");
            (awaits ? source.MapAsync((bytes, _, _) => ValueTask.FromResult(bytes)) : source.Map(bytes => bytes)).To(Sink.Topic("out"));
        });

        Assert.Equal([null, "", "a", null], (await stage.CommitOfAsync(null, "", "a", null)).ValuesOf("out"));
    }

    [Fact]
    public async Task A_typed_stage_makes_a_dead_letter_that_says_so_and_keeps_it_without_a_value()
    {
        var stage = new Stage(pipeline => pipeline.From<Order>("source").To(Sink.Topic("out")));

        var commit = await stage.CommitOfAsync(null, """{"customer":"ann","amount":1}""");

        Assert.Single(commit.ValuesOf("out"));
        var letter = Assert.Single(commit.DeadLettersOf());
        Assert.Null(letter.Value);
        Assert.Contains("The record has no value, and the stage reads Order.", letter.Headers);
        Assert.Contains($"{DeadLetterHeaders.ErrorType}={typeof(PermanentException).FullName}", letter.Headers);
        Assert.Contains($"{DeadLetterHeaders.Step}=Deserialize", letter.Headers);
    }

    [Fact]
    public async Task A_stage_of_text_does_not_take_no_value_for_an_empty_one()
    {
        var stage = new Stage(pipeline => pipeline.From("source", Serializers.Text).To(Sink.Topic("out"), key: null, Serializers.Text));

        var commit = await stage.CommitOfAsync("", null);

        Assert.Equal([""], commit.ValuesOf("out"));
        Assert.Single(commit.DeadLettersOf());
    }

    [Fact]
    public async Task A_definition_may_skip_such_records()
    {
        var stage = new Stage(pipeline => pipeline.From<Order>("source", missing: MissingValue.Skip).To(Sink.Topic("out")));

        Assert.Empty((await stage.CommitOfAsync(null, null)).Appends);
    }

    [Fact]
    public async Task A_definition_may_skip_or_refuse_bytes_too()
    {
        var skipping = new Stage(pipeline => pipeline.From("source", Serializers.Raw, missing: MissingValue.Skip).To(Sink.Topic("out")));
        var refusing = new Stage(pipeline => pipeline.From("source", Serializers.Raw, missing: MissingValue.DeadLetter).To(Sink.Topic("out")));

        Assert.Equal(["a"], (await skipping.CommitOfAsync(null, "a")).ValuesOf("out"));
        Assert.Single((await refusing.CommitOfAsync(null, "a")).DeadLettersOf());
    }

    [Fact]
    public async Task A_definition_may_ask_for_null_which_goes_on_into_topics_tables_and_files()
    {
        var stage = new Stage(pipeline => pipeline.From<Order?>("source", missing: MissingValue.Null)
            .To(Sink.Topic("out"))
            .To(Table.Insert<Order?>("orders").Column("customer", order => order?.Customer))
            .To(Sink.JsonLines(_directory)));

        await stage.Program.OpenAsync(Stage.Task, nextOffset: 0, CancellationToken.None);
        await stage.RunAsync(Stage.Batch(null, """{"customer":"ann","amount":1}"""));
        await stage.DeliverAsync();
        var commit = stage.ToCommit();

        Assert.Equal([null, """{"customer":"ann","amount":1}"""], commit.ValuesOf("out"));
        Assert.Equal(["null", "ann"], commit.RowsOf("orders"));
        Assert.Equal(
            ["null", """{"customer":"ann","amount":1}"""], Directory.EnumerateFiles(_directory, "*.jsonl").SelectMany(File.ReadLines));
    }

    [Fact]
    public async Task A_step_sees_whether_the_record_has_a_value()
    {
        var stage = new Stage(pipeline => pipeline.From("source")
            .Map((bytes, context) => context.HasValue ? $"{bytes.Length}" : null)
            .To(Sink.Topic("out"), key: null, Serializers.Text!)
            .To(Table.Insert<string?>("lengths").Column("length", length => length)));

        var commit = await stage.CommitOfAsync(null, "", "abc");

        Assert.Equal([null, "0", "3"], commit.ValuesOf("out"));
        Assert.Equal(["null", "0", "3"], commit.RowsOf("lengths"));
    }

    [Fact]
    public void A_type_that_has_no_null_cannot_ask_for_it()
    {
        var refused = Assert.Throws<InvalidPipelineException>(
            () => new Stage(pipeline => pipeline.From<int>("source", missing: MissingValue.Null).To(Sink.Topic("out"))));

        Assert.Contains("stage 'source': its values of type 'Int32' cannot be null", refused.Message);
        _ = new Stage(pipeline => pipeline.From<int?>("source", missing: MissingValue.Null).To(Sink.Topic("out")));
    }

    [Fact]
    public void The_next_stage_has_a_say_of_its_own()
    {
        var pipeline = new PipelineCatalog().Add("tested", pipeline => pipeline
            .From<Order?>("source", missing: MissingValue.Null)
            .Through("between", missing: MissingValue.Skip)
            .To(Sink.Topic("out"))).Find("tested")!;

        Assert.Equal(["source", "between"], pipeline.Stages.Select(stage => stage.Name));
    }
}
