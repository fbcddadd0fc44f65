using System.Globalization;
using System.Text;

namespace Orleans.Pipeline.Client.Tests.OverHttp;

/// <summary>Places to read from, at the end of a partition and beyond it.</summary>
public sealed class ConsumerPlaceTests : ClientTest
{
    [Theory]
    [InlineData("0:999", true)]
    [InlineData("0:999", false)]
    [InlineData("0:1,1:2", true)]
    [InlineData("0:0,1:999", true)]
    [InlineData("999", true)]
    [InlineData("999", false)]
    public async Task A_place_beyond_the_end_is_out_of_range_whether_or_not_reading_stops_there(string from, bool stopAtEnd)
    {
        await AppendAsync(partition: 0, "a");
        await AppendAsync(partition: 1, "b");
        var place = long.TryParse(from, CultureInfo.InvariantCulture, out var offset)
            ? ConsumeFrom.Offset(offset)
            : ConsumeFrom.Positions(ConsumerPositions.Parse(from));
        await using var consumer = Client.CreateConsumer("orders", new() { From = place, StopAtEnd = stopAtEnd });

        var error = await Assert.ThrowsAsync<OffsetOutOfRangeException>(() => consumer.ReadAsync().CountAsync().AsTask());

        Assert.Equal(1, error.End);
    }

    [Fact]
    public async Task A_place_at_the_end_has_nothing_to_read_and_is_no_error()
    {
        await AppendAsync(partition: 0, "a");
        await using var consumer = Client.CreateConsumer(
            "orders", new() { From = ConsumeFrom.Positions(ConsumerPositions.Parse("0:1,1:0")), StopAtEnd = true });

        Assert.Equal(0, await consumer.ReadAsync().CountAsync());
        Assert.Equal("0:1,1:0", consumer.Positions.ToString());
    }

    private async Task AppendAsync(int partition, string value)
    {
        var builder = new RecordBatchBuilder();
        builder.Append(default, Encoding.UTF8.GetBytes(value), timestamp: 5);
        await Gateway.Store.AppendAsync(new("orders", partition), builder.Build());
    }
}
