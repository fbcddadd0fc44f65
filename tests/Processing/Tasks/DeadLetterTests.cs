using Microsoft.Extensions.Time.Testing;
using Orleans.Pipeline.Processing.Tests.Pipelines;

namespace Orleans.Pipeline.Processing.Tests.Tasks;

public sealed class DeadLetterTests
{
    private static readonly TopicName Topic = "tested.dead-letters";

    [Fact]
    public async Task A_dead_letter_is_the_record_as_it_was_with_headers_that_say_what_happened()
    {
        var givenUp = new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);
        var stage = Failing(new FormatException("no number"), new FakeTimeProvider(givenUp));

        await stage.RunAsync(Stage.Batch(
            2,
            (builder, index) => builder.Append("key"u8, "value"u8, 1000 + index, [Header.Text("trace", $"{index}")])));

        var letter = stage.ToCommit().DeadLettersOf()[1];
        Assert.Equal(("key", "value", givenUp.ToUnixTimeMilliseconds()), (letter.Key, letter.Value, letter.Timestamp));
        Assert.Equal(
            "trace=1; dead-letter.error-type=System.FormatException; dead-letter.error-message=no number; dead-letter.step=check; "
            + "dead-letter.attempts=1; dead-letter.pipeline=tested; dead-letter.stage=source; dead-letter.topic=source; "
            + "dead-letter.partition=0; dead-letter.offset=1; dead-letter.timestamp=1001; dead-letter.error-stack=" + letter.Stack,
            letter.Headers);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("", "")]
    [InlineData(null, "")]
    [InlineData("", null)]
    public async Task No_key_and_no_value_are_kept_apart_from_empty_ones(string? key, string? value)
    {
        var stage = Failing(new FormatException());

        await stage.RunAsync(Stage.Batch(1, (builder, _) => builder.Append(
            key is null ? default : Stage.NotNull(key), value is null ? default : Stage.NotNull(value), timestamp: 0)));

        var letter = Assert.Single(stage.ToCommit().DeadLettersOf());
        Assert.Equal((key, value), (letter.Key, letter.Value));
    }

    [Fact]
    public async Task A_long_message_is_cut()
    {
        var stage = Failing(new FormatException(new string('x', 5000)));

        Assert.Contains($"={new string('x', 2048)};", Assert.Single((await stage.CommitOfAsync("a")).DeadLettersOf()).Headers);
    }

    [Fact]
    public async Task An_error_without_a_message_is_a_dead_letter_too() =>
        Assert.Contains(
            "dead-letter.error-message=;", Assert.Single((await Failing(new Silent()).CommitOfAsync("a")).DeadLettersOf()).Headers);

    [Fact]
    public async Task A_record_larger_than_a_batch_may_be_is_a_dead_letter_all_the_same()
    {
        var value = new byte[RecordLimits.Default.BatchBytes + 1];
        var stage = Failing(new FormatException());

        await stage.RunAsync(Stage.Batch(1, (builder, _) => builder.Append(default, value, timestamp: 0)));

        Assert.Equal(value.Length, Walk(stage)[0].Value.Length);
    }

    [Fact]
    public async Task The_dead_letter_of_the_largest_record_is_read_with_the_default_limits_however_much_its_error_says()
    {
        var name = new string('n', 5000);
        var stage = new Stage(pipeline => pipeline.From("source")
            .Map<ReadOnlyMemory<byte>>(_ => throw new FormatException(new string('\u20ac', 5000)), name).To(Sink.Topic("out")));
        IReadOnlyList<Header> headers = [.. Enumerable.Range(0, RecordLimits.Default.Headers).Select(index => new Header($"{index}", null))];
        var value = new byte[RecordLimits.Default.RecordBytes - RecordBatchBuilder.MaximumRecordBytes(0, 0, headers)];

        await stage.RunAsync(Stage.Batch(1, (builder, _) => builder.Append(default, value, timestamp: 0, headers)));

        var batch = Assert.Single(stage.ToCommit().Appends).Batch;
        Assert.Throws<InvalidRecordBatchException>(() => RecordBatch.Validate(batch.Bytes));
        Assert.Equal(1, RecordBatch.Validate(batch.Bytes, RecordLimits.Default.ForReading()).Count);
    }

    [Fact]
    public async Task Dead_letters_stay_with_their_partition()
    {
        var stage = new Stage(pipeline => pipeline.From("source").Map(Throw(new FormatException())).To(Sink.Topic("out")), partitions: 2);

        await stage.RunAsync(Stage.Batch("a"), partition: 0);
        await stage.RunAsync(Stage.Batch("b"), partition: 1);
        await stage.RunAsync(Stage.Batch("c"), partition: 3);

        var commit = stage.ToCommit();
        Assert.Equal(["a"], commit.ValuesOf(Topic, partition: 0));
        Assert.Equal(["b", "c"], commit.ValuesOf(Topic, partition: 1));
        Assert.Equal(3, commit.DeadLetters);
    }

    [Fact]
    public async Task The_step_named_is_the_one_that_failed()
    {
        var stage = new Stage(pipeline => pipeline.From("source", Serializers.Text)
            .Map(text => text.Length, name: "measure")
            .Where(length => 10 / length > 0, name: "divide")
            .To(Table.Upsert<int>("lengths").Key("name", length => length == 2 ? null! : "x").Column("n", length => length)));

        var letters = (await stage.CommitOfAsync("", "ab")).DeadLettersOf();

        Assert.Contains("dead-letter.step=divide", letters[0].Headers);
        Assert.Contains("dead-letter.step=To(lengths)", letters[1].Headers);
    }

    private static Stage Failing(Exception error, TimeProvider? time = null) =>
        new(pipeline => pipeline.From("source").Map(Throw(error), name: "check").To(Sink.Topic("out")), time: time);

    private static Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> Throw(Exception error) => _ => throw error;

    private static List<(int Offset, ReadOnlyMemory<byte> Value)> Walk(Stage stage)
    {
        var records = new List<(int, ReadOnlyMemory<byte>)>();
        foreach (var append in stage.ToCommit().Appends)
        {
            foreach (var record in append.Batch)
            {
                records.Add(((int)record.Offset, record.Value));
            }
        }

        return records;
    }

    private sealed class Silent : PermanentException
    {
        public Silent()
            : base("")
        {
        }

        public override string Message => null!;
    }
}
