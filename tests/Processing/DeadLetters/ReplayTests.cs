using Orleans.Pipeline.Processing.Tests.Pipelines;

namespace Orleans.Pipeline.Processing.Tests.DeadLetters;

/// <summary>How a stage treats records that were replayed out of dead letters.</summary>
public sealed class ReplayTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_record_replayed_for_another_stage_or_pipeline_is_passed_over(bool awaits)
    {
        var stage = Copying(awaits);

        await stage.RunAsync(Batch(
            ("first", []),
            ("theirs", Mark("other", "source", "1")),
            ("another stage's", Mark("tested", "other", "1")),
            ("ours", Mark("tested", "source", "1")),
            ("last", [Header.Text("trace", "a")])));

        Assert.Equal(["first", "ours", "last"], stage.ToCommit().ValuesOf("out"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_chunk_of_records_for_others_alone_commits_nothing(bool awaits)
    {
        var stage = Copying(awaits);

        await stage.RunAsync(Batch(("theirs", Mark("other", "source", "1")), ("too", Mark("other", "source", "2"))));

        Assert.Empty(stage.ToCommit().Appends);
    }

    [Fact]
    public async Task A_step_sees_how_often_a_record_was_replayed_and_its_own_headers_alone()
    {
        var seen = new List<string>();
        var stage = new Stage(pipeline => pipeline.From("source", Serializers.Text)
            .Map((text, context) =>
            {
                seen.Add($"{text} {context.Replays} {string.Join(',', context.Headers.Select(header => header.Name))}");
                return text;
            })
            .To(Sink.Topic("out"), key: null, Serializers.Text));

        await stage.RunAsync(Batch(
            ("first", [Header.Text("trace", "a")]),
            ("replayed", [.. Mark("tested", "source", "3"), Header.Text("trace", "b"), Header.Text("trace", "c")]),
            ("last", [])));

        Assert.Equal(["first 0 trace", "replayed 3 trace,trace", "last 0 "], seen);
        Assert.Equal(["trace=a", "trace=b; trace=c", ""], stage.ToCommit().RecordsOf("out").Select(record => record.Headers));
    }

    [Fact]
    public async Task A_replayed_record_that_fails_again_is_a_dead_letter_that_counts_its_replays()
    {
        var stage = new Stage(pipeline => pipeline.From("source")
            .Map<ReadOnlyMemory<byte>>(_ => throw new FormatException("still bad"), name: "check").To(Sink.Topic("out")));

        await stage.RunAsync(Batch(("a", [.. Mark("tested", "source", "2"), Header.Text("trace", "b")])));

        var letter = stage.ToCommit().DeadLettersOf()[0];
        Assert.StartsWith("trace=b; dead-letter.error-type=System.FormatException;", letter.Headers);
        Assert.EndsWith("dead-letter.timestamp=1000; dead-letter.replays=2", letter.WithoutStack().Headers);
        Assert.EndsWith($"dead-letter.timestamp=1000; dead-letter.error-stack={letter.Stack}; dead-letter.replays=2", letter.Headers);
    }

    [Fact]
    public async Task Headers_that_are_no_whole_mark_are_headers_like_any()
    {
        var stage = Copying(awaits: false);

        await stage.RunAsync(Batch(
            ("name alone", [Header.Text(DeadLetterHeaders.ReplayPipeline, "other")]),
            ("two of three", [.. Mark("other", "source", "1").Take(2)]),
            ("no number", Mark("other", "source", "many")),
            ("no count", Mark("other", "source", $"{int.MaxValue}")),
            ("not first", [Header.Text("trace", "a"), .. Mark("other", "source", "1")]),
            ("no value", [new Header(DeadLetterHeaders.ReplayPipeline, null), .. Mark("other", "source", "1").Skip(1).Take(1)])));

        Assert.Equal(6, stage.ToCommit().RecordsOf("out").Count);
    }

    private static Stage Copying(bool awaits) => new(pipeline =>
    {
        var source = pipeline.From("source", Serializers.Text);
        (awaits ? source.MapAsync((text, _, _) => ValueTask.FromResult(text), concurrency: 2) : source).To(
            Sink.Topic("out"), key: null, Serializers.Text);
    });

    private static Header[] Mark(string pipeline, string stage, string replays) =>
    [
        Header.Text(DeadLetterHeaders.ReplayPipeline, pipeline),
        Header.Text(DeadLetterHeaders.ReplayStage, stage),
        Header.Text(DeadLetterHeaders.Replays, replays),
    ];

    private static RecordBatch Batch(params (string Value, IReadOnlyList<Header> Headers)[] records) => Stage.Batch(
        records.Length,
        (builder, index) => builder.Append(default, Stage.NotNull(records[index].Value), 1000 + index, records[index].Headers));
}
