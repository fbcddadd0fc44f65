using System.Runtime.CompilerServices;
using System.Text;
using Orleans.Pipeline.Processing.Tests.Pipelines;

namespace Orleans.Pipeline.Processing.Tests.Tasks;

/// <summary>The stacks that dead letters keep.</summary>
public sealed class ErrorStackTests
{
    private const int Longest = 8 << 10;

    [Fact]
    public async Task A_dead_letter_has_the_stack_of_its_error_and_of_the_inner_ones()
    {
        var stack = await StackOfAsync(() => Parse("x"));

        Assert.StartsWith(" ---> System.FormatException: The input string 'x' was not in a correct format.\n   at ", stack);
        Assert.Contains(
            $"--- End of inner exception stack trace ---\n   at {typeof(ErrorStackTests).FullName}.{nameof(Parse)}(String text)", stack);
        Assert.DoesNotContain("no price", stack);
        Assert.DoesNotContain('\r', stack!);
    }

    [Fact]
    public async Task After_retries_it_is_the_last_error_s_and_begins_at_the_step()
    {
        var attempts = 0;
        var stage = new Stage(pipeline => pipeline
            .Retry(new() { Attempts = 3, Delay = TimeSpan.Zero })
            .From("source").Map<ReadOnlyMemory<byte>>(_ => attempts++ == 2 ? Last() : throw new TimeoutException("first")).To(Sink.Topic("out")));

        var stack = Assert.Single((await stage.CommitOfAsync("a")).DeadLettersOf()).Stack;

        Assert.StartsWith($"   at {typeof(ErrorStackTests).FullName}.{nameof(Last)}()", stack);
    }

    [Fact]
    public async Task A_long_stack_is_cut_at_the_end_of_a_line_and_says_how_much_is_missing()
    {
        var stack = await StackOfAsync(() => Dive(200));

        var lines = stack!.Split('\n');
        Assert.InRange(Encoding.UTF8.GetByteCount(stack), Longest - 512, Longest);
        Assert.All(lines[..^1], line => Assert.StartsWith("   at ", line));
        Assert.Equal(lines[0], lines[^2]);
        var (cut, whole) = CutOf(lines[^1]);
        Assert.Equal(whole - cut, Encoding.UTF8.GetByteCount(string.Join('\n', lines[..^1])));
    }

    [Fact]
    public async Task One_without_lines_is_cut_between_two_characters()
    {
        var stack = await StackOfAsync(() => throw new Talkative(new string('€', Longest)));

        Assert.InRange(Encoding.UTF8.GetByteCount(stack!), Longest - 64, Longest);
        Assert.Matches("^€+\n   \\.\\.\\. [0-9]+ of 24576 bytes cut off$", stack);
    }

    [Fact]
    public async Task An_error_that_cannot_tell_itself_has_its_bare_stack()
    {
        var stack = await StackOfAsync(() => throw new Talkative(null));

        Assert.StartsWith("   at ", stack);
    }

    [Theory]
    [InlineData(100_000, true)]
    [InlineData(2_000, true)]
    [InlineData(500, false)]
    [InlineData(0, false)]
    public async Task A_record_near_the_limit_is_a_dead_letter_within_the_limit(int below, bool hasStack)
    {
        var value = new byte[RecordLimits.Default.RecordBytes - below];
        var stage = Failing(() => Dive(200));

        await stage.RunAsync(Stage.Batch(1, (builder, _) => builder.Append(default, value, timestamp: 0)));

        var batch = Assert.Single(stage.ToCommit().Appends).Batch;
        Assert.InRange(RecordBatch.HeaderBytes + value.Length, 1, batch.Bytes.Length);
        foreach (var record in RecordBatch.Validate(
            batch.Bytes,
            RecordLimits.Default with { RecordBytes = RecordLimits.Default.RecordBytes + (below == 0 ? 1000 : 0) }))
        {
            Assert.Equal((value.Length, hasStack), (record.ValueSpan.Length, StoredRecord.Of(record).Stack is not null));
        }
    }

    [Fact]
    public async Task A_record_with_as_many_headers_as_there_may_be_gets_no_more_for_the_stack()
    {
        var stage = Failing(() => Parse("x"));

        await stage.RunAsync(Stage.Batch(2, (builder, index) => builder.Append(
            default,
            "a"u8,
            timestamp: 0,
            [.. Enumerable.Range(0, RecordLimits.Default.Headers - 11 + index).Select(number => Header.Text($"h{number}", ""))])));

        Assert.Equal([true, false], stage.ToCommit().DeadLettersOf().Select(letter => letter.Stack is not null));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Where_very_many_records_fail_their_stacks_are_bounded_and_each_cause_still_has_one(bool awaits)
    {
        const int Records = 2000;
        var profile = PipelineProfile.LowLatency;
        var stage = new Stage(pipeline =>
        {
            var source = pipeline.Profile(profile).From("source", Serializers.Text);
            (awaits ? source.MapAsync((text, _, _) => ValueTask.FromResult(Fail(text)), concurrency: 2) : source.Map(Fail)).To(
                Sink.Topic("out"), key: null, Serializers.Text);
        });

        var letters = (await stage.CommitOfAsync([.. Enumerable.Repeat("deep", Records - 1), "other"])).DeadLettersOf();

        Assert.Equal(Records, letters.Count);
        Assert.NotNull(letters[0].Stack);
        Assert.NotNull(letters[^1].Stack);
        Assert.InRange(letters.Sum(letter => letter.Stack?.Length ?? 0), profile.BatchBytes, profile.BatchBytes + (10 * Longest));

        static string Fail(string text) =>
            text == "deep" ? throw new PermanentException("too deep", Caught(() => Dive(100))) : throw new FormatException();
    }

    private static async Task<string?> StackOfAsync(Action fail) =>
        Assert.Single((await Failing(fail).CommitOfAsync("a")).DeadLettersOf()).Stack;

    private static Stage Failing(Action fail) => new(pipeline => pipeline
        .From("source")
        .Map(bytes =>
        {
            fail();
            return bytes;
        })
        .To(Sink.Topic("out")));

    private static (int Cut, int Whole) CutOf(string line)
    {
        var words = line.Trim().Split(' ');
        Assert.Equal(["...", "of", "bytes", "cut", "off"], [words[0], words[2], .. words[4..]]);
        return (int.Parse(words[1]), int.Parse(words[3]));
    }

    private static Exception Caught(Action fail)
    {
        try
        {
            fail();
        }
        catch (Exception error)
        {
            return error;
        }

        throw new InvalidOperationException("It did not fail.");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Parse(string text)
    {
        try
        {
            int.Parse(text);
        }
        catch (FormatException error)
        {
            throw new PermanentException("no price", error);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ReadOnlyMemory<byte> Last() => throw new TimeoutException("last");

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Dive(int deep) => deep == 0 ? throw new PermanentException("deep down") : 1 + Dive(deep - 1);

    /// <summary>Formats itself as the given text; null makes the formatting fail.</summary>
    private sealed class Talkative(string? text) : PermanentException("hm")
    {
        public override string ToString() => text ?? throw new NotSupportedException();
    }
}
