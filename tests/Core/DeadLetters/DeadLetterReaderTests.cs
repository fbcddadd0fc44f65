using System.Text;
using Orleans.Pipeline.DeadLetters;

namespace Orleans.Pipeline.Core.Tests.DeadLetters;

public sealed class DeadLetterReaderTests
{
    private static readonly Header[] Story =
    [
        Header.Text(DeadLetterHeaders.ErrorType, "System.FormatException"), Header.Text(DeadLetterHeaders.ErrorMessage, "no number"),
        Header.Text(DeadLetterHeaders.Step, "parse"), Header.Text(DeadLetterHeaders.Attempts, "3"), Header.Text(
            DeadLetterHeaders.Pipeline, "tested"),
        Header.Text(DeadLetterHeaders.Stage, "source"), Header.Text(DeadLetterHeaders.Topic, "orders"), Header.Text(
            DeadLetterHeaders.Partition, "2"),
        Header.Text(DeadLetterHeaders.Offset, "17"),
    ];

    private static readonly Header Timestamp = Header.Text(DeadLetterHeaders.Timestamp, "1000");
    private static readonly Header Stack = Header.Text(DeadLetterHeaders.ErrorStack, "   at Shop.Parse()\n   at Shop.Run()");
    private static readonly Header Replays = Header.Text(DeadLetterHeaders.Replays, "4");

    [Fact]
    public void A_dead_letter_is_told_whole()
    {
        var letter = Read([Header.Text("trace", "a"), .. Story, Timestamp, Stack, Replays])!;

        Assert.Equal(
            (1, 0L, "System.FormatException", "no number", "parse", 3, "source"),
            (letter.Partition, letter.Offset, letter.ErrorType, letter.ErrorMessage, letter.Step, letter.Attempts, letter.Stage));
        Assert.Equal("   at Shop.Parse()\n   at Shop.Run()", letter.ErrorStack);
        Assert.Equal(("orders/2", 17, 4), (letter.Source.ToString(), letter.SourceOffset, letter.Replays));
        Assert.Equal((2000, 1000), (letter.FailedAt.ToUnixTimeMilliseconds(), letter.Timestamp.ToUnixTimeMilliseconds()));
        Assert.Equal("trace=a", string.Join(';', letter.Headers.Select(header => $"{header.Name}={header.AsText()}")));
        Assert.Equal("value", Encoding.UTF8.GetString(letter.Value!.Value.Span));
        Assert.Null(letter.Key);
    }

    [Fact]
    public void One_that_an_early_version_wrote_has_the_time_of_its_record()
    {
        var letter = Read(Story)!;

        Assert.Equal(
            (2000, 2000, 0), (letter.FailedAt.ToUnixTimeMilliseconds(), letter.Timestamp.ToUnixTimeMilliseconds(), letter.Replays));
        Assert.Empty(letter.Headers);
    }

    [Fact]
    public void One_that_was_written_before_stacks_were_kept_has_none()
    {
        var letter = Read([Header.Text("trace", "a"), .. Story, Timestamp, Replays])!;

        Assert.Null(letter.ErrorStack);
        Assert.Equal((1000, 4), (letter.Timestamp.ToUnixTimeMilliseconds(), letter.Replays));
        Assert.Equal("trace", Assert.Single(letter.Headers).Name);
        Assert.Equal((1000, 0), (Read([.. Story, Timestamp])!.Timestamp.ToUnixTimeMilliseconds(), Read([.. Story, Timestamp])!.Replays));
    }

    [Fact]
    public void A_record_that_was_another_pipeline_s_dead_letter_keeps_that_story_among_its_own_headers()
    {
        var letter = Read([.. Story[..4], Header.Text(
            DeadLetterHeaders.Pipeline,
            "other"), .. Story[5..], Timestamp, Stack, Replays, .. Story, Timestamp])!;

        Assert.Equal(12, letter.Headers.Count);
        Assert.Null(letter.ErrorStack);
        Assert.Equal(0, letter.Replays);
        Assert.Null(Read([.. Story, .. Story[..4], Header.Text(DeadLetterHeaders.Pipeline, "other"), .. Story[5..]]));
    }

    [Fact]
    public void A_record_whose_last_headers_are_no_whole_story_is_none()
    {
        Assert.Null(Read([]));
        Assert.Null(Read(Story[1..]));
        Assert.Null(Read([.. Story[..^1], Timestamp]));
        Assert.Null(Read([.. Story, Header.Text("trace", "a")]));
        Assert.Null(Read([.. Story, Header.Text(DeadLetterHeaders.Timestamp, "soon")]));
        Assert.Null(Read([.. Story, Header.Text(DeadLetterHeaders.Timestamp, $"{long.MaxValue}")]));
        Assert.Null(Read([.. Story[..^1], Header.Text(DeadLetterHeaders.Offset, "-1")]));
        Assert.Null(Read([.. Story[..6], Header.Text(DeadLetterHeaders.Topic, "No topic"), .. Story[7..]]));
        Assert.Null(Read([.. Story[..7], Header.Text(DeadLetterHeaders.Partition, $"{long.MaxValue}"), .. Story[8..]]));
        Assert.Null(Read([.. Story, Header.Text(DeadLetterHeaders.Replays, $"{int.MaxValue}")]));
        Assert.Null(Read([.. Story, Stack, Timestamp]));
        Assert.Null(Read([.. Story, Timestamp, Replays, Stack]));
        Assert.Null(Read([Stack]));
    }

    [Theory]
    [InlineData("3:17", 3, 17)]
    [InlineData("0:9223372036854775807", 0, long.MaxValue)]
    public void A_place_is_written_and_read(string text, int partition, long offset)
    {
        Assert.True(DeadLetterPosition.TryParse(text, out var position));
        Assert.Equal(new DeadLetterPosition(partition, offset), position);
        Assert.Equal(text, position.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("3")]
    [InlineData(":3")]
    [InlineData("3:")]
    [InlineData("-1:3")]
    [InlineData("1:-3")]
    [InlineData("1: 3")]
    [InlineData("1:3:5")]
    [InlineData("1:9223372036854775808")]
    public void A_text_that_is_no_place_is_not_read(string text) => Assert.False(DeadLetterPosition.TryParse(text, out _));

    private static DeadLetter? Read(IReadOnlyList<Header> headers)
    {
        var builder = new RecordBatchBuilder();
        builder.Append(default, "value"u8, timestamp: 2000, headers);
        foreach (var record in builder.Build())
        {
            return DeadLetterReader.Read("tested", partition: 1, record);
        }

        return null;
    }
}
