using System.Text;

namespace Orleans.Pipeline.Client.Tests.OverHttp;

/// <summary>Batches that a client refuses, and large ones that it must not.</summary>
public sealed class RefusedBatchTests : ClientTest
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_batch_that_the_client_refuses_is_named_after_the_other_partitions_are_read(bool batchByBatch)
    {
        await AppendAsync(0, "before");
        await AppendAsync(0, new string('x', 100_000));
        await AppendAsync(0, "behind");
        for (var number = 0; number < 50; number++)
        {
            await AppendAsync(1, $"{number}");
        }

        await using var client = new PipelineClient(
            Gateway.Address, new PipelineClientSettings { Limits = new RecordLimits { RecordBytes = 10_000 } });
        await using var consumer = client.CreateConsumer("orders", new() { StopAtEnd = true, ReadBytes = 200 });
        var read = new List<string>();

        var refused = await Assert.ThrowsAsync<InvalidRecordBatchException>(async () =>
        {
            if (batchByBatch)
            {
                await foreach (var batch in consumer.ReadBatchesAsync())
                {
                    read.Add($"{batch.Partition}");
                }
            }
            else
            {
                await foreach (var record in consumer.ReadAsync())
                {
                    read.Add($"{record.Partition}");
                }
            }
        });

        Assert.Equal((new TopicPartition("orders", 0), 1L), (refused.Partition, refused.Offset));
        Assert.Contains("orders/0 at offset 1", refused.Message);
        Assert.Equal((1, 50), (read.Count(partition => partition == "orders/0"), read.Count(partition => partition == "orders/1")));
        Assert.StartsWith("0:1,1:50", consumer.Positions.ToString());
    }

    [Fact]
    public async Task The_dead_letter_of_the_largest_record_and_its_replay_are_read_with_the_default_limits()
    {
        var builder = new RecordBatchBuilder();
        var headers = Enumerable.Range(0, RecordLimits.Default.Headers + RecordLimits.AddedHeaders)
            .Select(index => new Header($"{index}", null)).ToArray();
        builder.Append(default, new byte[RecordLimits.Default.RecordBytes + RecordLimits.AddedBytes - 10_000], timestamp: 0, headers);
        await Gateway.Store.AppendAsync(new("orders", 0), builder.Build());

        await using var consumer = Client.CreateConsumer("orders", new() { StopAtEnd = true });
        await foreach (var record in consumer.ReadAsync())
        {
            Assert.Equal(headers.Length, record.Headers.Count);
        }

        Assert.Equal(1, consumer.Positions.Offsets[0]);
    }

    private async Task AppendAsync(int partition, string value)
    {
        var builder = new RecordBatchBuilder();
        builder.Append(default, Encoding.UTF8.GetBytes(value), timestamp: 0);
        await Gateway.Store.AppendAsync(new("orders", partition), builder.Build());
    }
}
