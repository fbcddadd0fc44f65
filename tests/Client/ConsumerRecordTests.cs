using System.Text;

namespace Orleans.Pipeline.Client.Tests;

/// <summary>What a consumer hands out, and where it says it has come to.</summary>
public sealed class ConsumerRecordTests
{
    private const string Parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    [Fact]
    public void Walking_the_records_of_a_batch_allocates_nothing_nor_does_looking_for_a_trace_that_is_not_there()
    {
        var builder = new RecordBatchBuilder();
        for (var number = 0; number < 10_000; number++)
        {
            builder.Append("key"u8, "value"u8, number);
        }

        var batch = ConsumerBatch.Open(new("orders", 0), builder.Build(), from: 0, stop: long.MaxValue);
        var count = Walk(batch);

        var before = GC.GetAllocatedBytesForCurrentThread();
        count += Walk(batch);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(20_000, count);
    }

    [Fact]
    public void A_batch_begins_where_it_was_asked_for_and_stops_there_too()
    {
        var builder = new RecordBatchBuilder();
        for (var number = 0; number < 10; number++)
        {
            builder.Append(default, Encoding.UTF8.GetBytes($"{number}"), number);
        }

        var packed = RecordBatch.Trust(builder.Build(compression: Compression.Gzip).Bytes.ToArray(), baseOffset: 100);

        Assert.Equal(
            ["3", "4", "5"], ConsumerBatch.Open(new("orders", 0), packed, from: 103, stop: 106).Select(record => record.ValueText));
        Assert.Equal((100L, 10), (
            ConsumerBatch.Open(new("orders", 0), packed, from: 7, stop: 200).Offset,
            ConsumerBatch.Open(new("orders", 0), packed, from: 7, stop: 200).Count));
        Assert.Empty(ConsumerBatch.Open(new("orders", 0), packed, from: 110, stop: 200));
        Assert.Empty(ConsumerBatch.Open(new("orders", 0), packed, from: 105, stop: 105));
    }

    [Theory]
    [InlineData(Parent, "vendor=1", true)]
    [InlineData(Parent, null, true)]
    [InlineData("00-nonsense-01", null, false)]
    [InlineData("", null, false)]
    [InlineData(null, "vendor=1", false)]
    public void A_trace_is_read_if_a_record_names_one_that_is_well_formed(string? parent, string? state, bool isThere)
    {
        var headers = new List<Header> { Header.Text("other", "x"), new("none", null) };
        headers.AddRange(parent is null ? [] : [Header.Text("traceparent", parent)]);
        headers.AddRange(state is null ? [] : [Header.Text("tracestate", state)]);
        var builder = new RecordBatchBuilder();
        builder.Append(default, default, 0, headers);

        var record = ConsumerBatch.Open(new("orders", 0), builder.Build(), 0, long.MaxValue).Single();

        Assert.Equal(isThere, record.TraceContext is { IsRemote: true });
        Assert.Equal(isThere ? state : null, record.TraceContext?.TraceState);
    }

    [Fact]
    public void Positions_are_text_and_back()
    {
        var positions = new ConsumerPositions(new Dictionary<int, long> { [11] = 5, [0] = 17, [2] = long.MaxValue });

        Assert.Equal("0:17,2:9223372036854775807,11:5", positions.ToString());
        Assert.Equal(positions.Offsets, ConsumerPositions.Parse(" 11:5, 0:17,2:9223372036854775807 ").Offsets);
        Assert.Empty(ConsumerPositions.Parse("").Offsets);
        Assert.Equal("", ConsumerPositions.None.ToString());

        var topic = Guid.Parse("8f14e45fceea467fa1d40c8b1f3c2a77");
        var ofTopic = positions.Offsets.ToDictionary();
        var text = new ConsumerPositions(ofTopic) { TopicId = topic }.ToString();
        Assert.Equal("0:17,2:9223372036854775807,11:5@8f14e45fceea467fa1d40c8b1f3c2a77", text);
        Assert.Equal((topic, 3), (ConsumerPositions.Parse(text).TopicId, ConsumerPositions.Parse(text).Offsets.Count));
        Assert.Equal(Guid.Empty, ConsumerPositions.Parse("0:17").TopicId);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("0:")]
    [InlineData("0:x")]
    [InlineData("-1:0")]
    [InlineData("0:-1")]
    [InlineData("0:1,0:2")]
    [InlineData("0:1,")]
    [InlineData("0:1@")]
    [InlineData("0:1@orders")]
    [InlineData("0:99999999999999999999")]
    public void Text_that_is_no_positions_is_refused(string text)
    {
        Assert.False(ConsumerPositions.TryParse(text, out _));
        Assert.Contains($"'{text}'", Assert.Throws<FormatException>(() => ConsumerPositions.Parse(text)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_that_are_out_of_range_are_refused_by_name()
    {
        foreach (var (settings, name) in new (ConsumerSettings, string)[]
        {
            (new() { PrefetchBytes = 0 }, nameof(ConsumerSettings.PrefetchBytes)),
            (new() { ReadBytes = -1 }, nameof(ConsumerSettings.ReadBytes)),
            (new() { Partitions = [] }, nameof(ConsumerSettings.Partitions)),
            (new() { Partitions = [1, 1] }, nameof(ConsumerSettings.Partitions)),
            (new() { Partitions = [-1] }, nameof(ConsumerSettings.Partitions)),
            (new() { Wait = TimeSpan.Zero }, nameof(ConsumerSettings.Wait)),
            (new() { RetryTimeout = TimeSpan.Zero }, nameof(ConsumerSettings.RetryTimeout)),
            (new() { MaximumBackoff = TimeSpan.Zero }, nameof(ConsumerSettings.MaximumBackoff)),
            (new() { WhenOvertaken = (WhenOvertaken)7 }, nameof(ConsumerSettings.WhenOvertaken)),
        })
        {
            Assert.Equal(
                name,
                Assert.Throws<ArgumentOutOfRangeException>(() => new Consumer(new InMemoryLog(1, _ => { }), "orders", settings)).ParamName);
        }
    }

    private static int Walk(ConsumerBatch batch)
    {
        var count = 0;
        foreach (var record in batch)
        {
            count += record.TraceContext is null && record.Headers.Count == 0 && record.Key.Length == 3 ? 1 : 0;
        }

        return count;
    }
}
