using System.Text;

namespace Orleans.Pipeline.Client.Tests.OverHttp;

/// <summary>
/// Dead letters, and changes of topics, through a client: of a pipeline that fails on what is <c>bad</c> until it is mended.
/// </summary>
public sealed class DeadLettersOverHttpTests : ClientTest
{
    private volatile bool _mended;

    [Fact]
    public async Task Dead_letters_are_listed_page_by_page_grouped_shown_replayed_and_discarded()
    {
        await SendAsync(
            new() { Key = Text("ключ"), Value = Text("bad format"), Headers = [Header.Text("h", "v"), new("n", null), Header.Text("h", "w")], Timestamp = DateTimeOffset.FromUnixTimeMilliseconds(5) },
            new() { Key = new byte[] { 0xFF }, Value = Text("""{"bad": "format"}""") },
            new() { Value = Text("bad argument") });

        var first = await Client.Admin.ListDeadLettersAsync("checks", limit: 2);
        var rest = await Client.Admin.ListDeadLettersAsync("checks", after: first.Next);
        Assert.Equal(["0:0", "0:1", "0:2"], first.DeadLetters.Concat(rest.DeadLetters).Select(letter => letter.Position.ToString()));
        Assert.Null(rest.Next);
        var letter = first.DeadLetters[0];
        Assert.Equal(("ключ", "bad format", 5L), (Read(letter.Key), Read(letter.Value), letter.Timestamp.ToUnixTimeMilliseconds()));
        Assert.Equal([("h", "v"), ("n", null), ("h", "w")], letter.Headers.Select(header => (header.Name, Read(header.Value))));
        Assert.Equal(
            ("System.FormatException", "no good", "check", 1, "orders", "orders/0", 0L, 0),
            (letter.ErrorType, letter.ErrorMessage, letter.Step, letter.Attempts, letter.Stage, letter.Source.ToString(), letter.SourceOffset, letter.Replays));
        Assert.StartsWith($"   at {typeof(DeadLettersOverHttpTests).FullName}.", letter.ErrorStack);
        Assert.Equal("FF", Convert.ToHexString(first.DeadLetters[1].Key!.Value.Span));
        Assert.Equal("""{"bad": "format"}""", Read(first.DeadLetters[1].Value));
        Assert.Null(rest.DeadLetters[0].Key);

        Assert.Equal(
            ["System.FormatException 2", "System.ArgumentException 1"],
            (await Client.Admin.ListDeadLetterErrorsAsync("checks")).Select(error => $"{error.ErrorType} {error.Count}"));
        Assert.Equal("bad argument", Read((await Client.Admin.FindDeadLetterAsync("checks", new(0, 2)))!.Value));
        Assert.Null(await Client.Admin.FindDeadLetterAsync("checks", new(0, 7)));

        _mended = true;
        Assert.Equal(1, await Client.Admin.DiscardDeadLettersAsync("checks", new() { ErrorType = "System.ArgumentException" }));
        Assert.Equal(1, await Client.Admin.ReplayDeadLettersAsync("checks", new() { Partition = 0, Offset = 1 }));
        Assert.Equal(1, await Client.Admin.ReplayDeadLettersAsync("checks", DeadLetterFilter.All));
        Assert.Empty((await Client.Admin.ListDeadLettersAsync("checks")).DeadLetters);
        await Client.Admin.DrainAsync("checks");
        Assert.Equal(2, (await Gateway.Store.GetBoundsAsync(new("checked", 0))).End);
    }

    [Fact]
    public async Task What_cannot_be_done_with_dead_letters_is_the_error_that_says_so()
    {
        await SendAsync(new ProducerRecord { Value = Text("bad format") });

        await Assert.ThrowsAsync<UnknownPipelineException>(() => Client.Admin.ListDeadLettersAsync("no such").AsTask());
        await Assert.ThrowsAsync<UnknownPartitionException>(() => Client.Admin.ListDeadLettersAsync(
            "checks",
            new() { Partition = 9 }).AsTask());
        await Assert.ThrowsAsync<UnknownDeadLetterException>(() => Client.Admin.ReplayDeadLettersAsync(
            "checks",
            new() { Partition = 0, Offset = 9 }).AsTask());
        await Client.Admin.DiscardDeadLettersAsync("checks", new() { Partition = 0, Offset = 0 });
        await Assert.ThrowsAnyAsync<PipelineException>(() => Client.Admin.DiscardDeadLettersAsync(
            "checks",
            new() { Partition = 0, Offset = 0 }).AsTask());
    }

    [Fact]
    public async Task A_topic_is_changed_in_what_is_set_and_keeps_the_rest()
    {
        await Client.Admin.CreateTopicAsync("ledger", new() { Partitions = 2, RetentionBytes = 1 << 20, LagLimit = 5 });

        var changed = await Client.Admin.UpdateTopicAsync(
            "ledger", new() { RetentionAge = TimeSpan.FromHours(1.5), RetentionBytes = null });

        Assert.Equal(new TopicSettings { Partitions = 2, RetentionAge = TimeSpan.FromHours(1.5), LagLimit = 5 }, changed.Settings);
        Assert.Equal(changed, await Gateway.Store.FindTopicAsync("ledger"));
        changed = await Client.Admin.UpdateTopicAsync(
            "ledger", new() { RetentionAge = (TimeSpan?)null, DiscardUnread = true, LagLimit = 7 });
        Assert.Equal(new TopicSettings { Partitions = 2, RetentionAge = null, DiscardUnread = true, LagLimit = 7 }, changed.Settings);
        await Assert.ThrowsAsync<InvalidTopicSettingsException>(() => Client.Admin.UpdateTopicAsync(
            "ledger",
            new() { LagLimit = 0 }).AsTask());
        await Assert.ThrowsAsync<UnknownTopicException>(() => Client.Admin.UpdateTopicAsync("missing", new() { LagLimit = 1 }).AsTask());
    }

    private protected override Task<GatewayHost> StartAsync() => GatewayHost.StartAsync(
        define: pipelines => pipelines.Add("checks", pipeline => pipeline
            .From("orders", Serializers.Text, partitions: 2)
            .Map(Check, "check")
            .To(Sink.Topic("checked", partitions: 1), key: null, Serializers.Text)));

    private string Check(string text) => !_mended && text.Contains("bad", StringComparison.Ordinal)
        ? throw (text.Contains(
            "format",
            StringComparison.Ordinal) ? new FormatException("no good") : new ArgumentException("no good either"))
        : text;

    private async Task SendAsync(params ProducerRecord[] records)
    {
        await using var producer = Client.CreateProducer("orders");
        foreach (var record in records)
        {
            await producer.SendAsync(record with { Partition = 0 });
        }

        await Client.Admin.DrainAsync("checks");
        await Client.Admin.ResumeAsync("checks");
    }

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    private static string? Read(ReadOnlyMemory<byte>? bytes) => bytes is { } present ? Encoding.UTF8.GetString(present.Span) : null;
}
