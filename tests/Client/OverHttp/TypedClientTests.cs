using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orleans.Pipeline.Client.Tests.OverHttp;

/// <summary>Producers and consumers of values, over real connections.</summary>
public sealed class TypedClientTests : ClientTest
{
    [Fact]
    public async Task Values_are_sent_with_their_key_and_read_back()
    {
        await using var producer = Client.CreateProducer("orders", OrderJson.Default.Order, order => order.Customer);
        var order = new Order("customer-7", 4200);

        var sent = await producer.SendAsync(order);

        Assert.Equal(KeyPartitioner.PartitionOf("customer-7"u8, 2), sent.Partition.Partition);
        await using var consumer = Client.CreateConsumer("orders", OrderJson.Default.Order, new() { StopAtEnd = true });
        await foreach (var record in consumer.ReadAsync())
        {
            Assert.Equal((order, "customer-7", sent.ToString()), (record.Value, record.KeyText, record.ToString()));
        }

        Assert.Equal(sent.Offset + 1, consumer.Positions.Offsets[sent.Partition.Partition]);
    }

    [Fact]
    public async Task A_record_may_say_more_than_its_value()
    {
        await using var producer = Client.CreateProducer("orders", Serializers.Text);
        var time = DateTimeOffset.FromUnixTimeMilliseconds(1_234_567);

        await producer.EnqueueAsync(
            "text", new ProducerRecord { Partition = 1, Timestamp = time, Key = "k"u8.ToArray(), Headers = [Header.Text("h", "v")] });
        await producer.FlushAsync();

        await using var consumer = Client.CreateConsumer("orders", Serializers.Text, new() { StopAtEnd = true });
        await foreach (var record in consumer.ReadAsync())
        {
            Assert.Equal(("orders/1@0", "text", "k", time), (record.ToString(), record.Value, record.KeyText, record.Timestamp));
            Assert.Equal("v", Assert.Single(record.Raw.Headers).AsText());
        }
    }

    [Fact]
    public async Task Values_keep_their_bytes_and_order_while_memory_is_short()
    {
        const int Values = 3_000;
        await using var producer = Client.CreateProducer(
            "orders",
            OrderJson.Default.Order,
            order => order.Customer,
            new() { MaximumMemoryBytes = 2_000, BatchBytes = 300, Linger = TimeSpan.Zero });
        var sends = new List<Task<SendResult>>();
        for (var number = 0; number < Values; number++)
        {
            sends.Add(producer.SendAsync(new($"customer-{number % 3}", number)).AsTask());
        }

        await Task.WhenAll(sends);

        var read = new List<Order>();
        await using var consumer = Client.CreateConsumer("orders", OrderJson.Default.Order, new() { StopAtEnd = true });
        await foreach (var record in consumer.ReadAsync())
        {
            Assert.Equal(record.KeyText, record.Value.Customer);
            read.Add(record.Value);
        }

        for (var customer = 0; customer < 3; customer++)
        {
            Assert.Equal(
                Enumerable.Range(0, Values).Where(number => number % 3 == customer),
                read.Where(order => order.Customer == $"customer-{customer}").Select(order => order.Cents));
        }
    }

    [Fact]
    public async Task A_record_without_a_value_is_not_taken_for_one_with_a_value()
    {
        await using var producer = Client.CreateProducer("orders");
        await producer.SendAsync("customer-7", value: null);
        await using var consumer = Client.CreateConsumer("orders", OrderJson.Default.Order, new() { StopAtEnd = true });

        await foreach (var record in consumer.ReadAsync())
        {
            Assert.False(record.Raw.HasValue);
            Assert.Contains("has no value", record.Error!.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_null_is_sent_as_a_record_without_a_value()
    {
        await using var producer = Client.CreateProducer<Order?>("orders", Serializers.Json(OrderJson.Default.Order)!, _ => "customer-7");

        await producer.SendAsync(null);

        await using var consumer = Client.CreateConsumer("orders", new() { StopAtEnd = true });
        await foreach (var record in consumer.ReadAsync())
        {
            Assert.Equal(("customer-7", false), (record.KeyText, record.HasValue));
        }

        Assert.Equal(1, await EndAsync(0) + await EndAsync(1));
    }

    [Fact]
    public async Task What_the_serializer_throws_comes_through_and_nothing_is_sent()
    {
        await using var producer = Client.CreateProducer<Order>("orders", new Refusing());

        await Assert.ThrowsAsync<JsonException>(async () => await producer.SendAsync(new("customer-7", 1)));

        Assert.Equal(0, producer.Untyped.BufferedBytes);
        Assert.Equal(0, await EndAsync(0) + await EndAsync(1));
    }

    private sealed class Refusing : ISerializer<Order>
    {
        public void Serialize(Order value, System.Buffers.IBufferWriter<byte> destination) => throw new JsonException("no");

        public Order Deserialize(ReadOnlyMemory<byte> bytes) => throw new JsonException("no");
    }
}

internal sealed record Order(string Customer, int Cents);

[JsonSerializable(typeof(Order))]
internal sealed partial class OrderJson : JsonSerializerContext;
