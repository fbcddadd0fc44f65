namespace Orleans.Pipeline.Contracts;

/// <content>What operators do with dead letters.</content>
public abstract partial class EngineBehaviour
{
    [Fact]
    public async Task A_record_replayed_after_its_step_was_mended_takes_effect_once_and_nobody_else_sees_it_again()
    {
        await AppendTextAsync(Texts0, "1", "bad", "3");
        await Running.WhenCommittedAsync(Parse0, 3);
        await Running.WhenCommittedAsync(Copy0, 3);
        Assert.Equal(["1", "3"], await ReadAsync(new TopicPartition("parsed", 0)));
        var letter = Assert.Single((await Running.DeadLetters.ListAsync("parses")).DeadLetters);
        Assert.Equal(("parse", "texts/0", 1, 0), (letter.Step, letter.Source.ToString(), letter.SourceOffset, letter.Replays));
        Assert.StartsWith($"   at {typeof(EnginePipelines).FullName}.", letter.ErrorStack);

        Mend();
        Assert.Equal(1, await Running.DeadLetters.ReplayAsync("parses", DeadLetterFilter.All));
        Assert.Equal(0, await Running.DeadLetters.ReplayAsync("parses", DeadLetterFilter.All));
        await AppendTextAsync(Texts0, "5");
        await Running.WhenCommittedAsync(Parse0, 5);
        await Running.WhenCommittedAsync(Copy0, 5);
        await Running.WhenCommittedAsync(new("awaits", "texts", 0), 5);
        await Running.WhenCommittedAsync(new("parses", "parsed", 0), 4);

        Assert.Equal(["1", "3", "bad", "5"], await ReadAsync(new TopicPartition("parsed", 0)));
        Assert.Equal(["1", "3", "bad", "5"], await ReadAsync(new TopicPartition("stored", 0)));
        Assert.Equal(["1", "bad", "3", "5"], await ReadAsync(new TopicPartition("copied", 0)));
        Assert.Equal(["1", "bad", "3", "5"], await ReadAsync(new TopicPartition("awaited", 0)));
        Assert.Empty((await Running.DeadLetters.ListAsync("parses")).DeadLetters);
    }

    [Fact]
    public async Task A_replayed_record_that_fails_again_is_a_dead_letter_again_and_can_be_replayed_again()
    {
        await AppendTextAsync(Texts0, "bad", "bad");
        await Running.WhenCommittedAsync(Parse0, 2);

        Assert.Equal(2, await Running.DeadLetters.ReplayAsync("parses", DeadLetterFilter.All));
        await Running.WhenCommittedAsync(Parse0, 4);
        Assert.Equal(1, await Running.DeadLetters.ReplayAsync("parses", new() { Partition = 0, Offset = 2 }));
        await Running.WhenCommittedAsync(Parse0, 5);

        var letters = (await Running.DeadLetters.ListAsync("parses")).DeadLetters;
        Assert.Equal([(3, 1), (4, 2)], letters.Select(letter => (letter.Offset, letter.Replays)));
        Assert.All(letters, letter => Assert.Empty(letter.Headers));

        await Running.RestartAsync();
        Mend();
        Assert.Equal(2, await Running.DeadLetters.ReplayAsync("parses", DeadLetterFilter.All));
        await Running.WhenCommittedAsync(Parse0, 7);
        Assert.Equal(["bad", "bad"], await ReadAsync(new TopicPartition("parsed", 0)));
    }

    [Fact]
    public async Task Operators_that_replay_and_discard_at_once_settle_each_dead_letter_once()
    {
        const int Letters = 3000;
        await AppendTextAsync(Texts0, [.. Enumerable.Repeat($"bad {new string('x', 1000)}", Letters)]);
        await Running.WhenCommittedAsync(Parse0, Letters);
        Mend();

        var (first, second) = (Running.DeadLetters, Running.DeadLetters);
        var replays = new[] { first, second, first }.Select(letters => letters.ReplayAsync("parses", DeadLetterFilter.All).AsTask())
            .ToList();
        var discarded = second.DiscardAsync("parses", DeadLetterFilter.All).AsTask();
        var replayed = (await Task.WhenAll(replays)).Sum();

        Assert.Equal(Letters, replayed + await discarded);
        await Running.WhenCommittedAsync(Parse0, Letters + replayed);
        Assert.Equal(replayed, (await ReadAsync(new TopicPartition("parsed", 0))).Count);
        Assert.Empty((await Running.DeadLetters.ListAsync("parses")).DeadLetters);
    }
}
