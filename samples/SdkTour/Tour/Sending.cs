using Orleans.Pipeline;
using Orleans.Pipeline.Client;

namespace SdkTour;

internal static class Sending
{
    public static async Task OneAsync(PipelineClient client)
    {
        #region send
        await using var producer = client.CreateProducer("orders");
        var sent = await producer.SendAsync("customer-7", """{"customer":"customer-7","country":"NL","cents":4200}""");
        Console.WriteLine($"Sent: {sent}");
        #endregion
    }

    public static async Task ManyAsync(PipelineClient client)
    {
        #region send-many
        await using var producer = client.CreateProducer("orders", new() { Linger = TimeSpan.FromMilliseconds(50) });
        for (var number = 0; number < 1000; number++)
        {
            await producer.EnqueueAsync($"customer-{number % 10}", $$"""{"customer":"customer-{{number % 10}}","country":"BE","cents":{{number + 1}}}""");
        }

        await producer.FlushAsync();
        Console.WriteLine("Flushed: 1000 orders are durable.");
        #endregion
    }

    public static async Task ValuesAsync(PipelineClient client)
    {
        #region send-values
        await using var producer = client.CreateProducer("orders", ShopJson.Default.Order, order => order.Customer);
        var sends = Enumerable.Range(1, 100).Select(number => producer.SendAsync(new Order("customer-7", "DE", number * 100)).AsTask());
        var places = await Task.WhenAll(sends);
        Console.WriteLine($"Sent values: {places.Length}, all to {places[0].Partition}.");
        #endregion
    }

    public static async Task MoreAsync(PipelineClient client)
    {
        #region send-more
        await using var producer = client.CreateProducer("orders", ShopJson.Default.Order);
        await producer.SendAsync(new Order("customer-8", "FR", 100), new ProducerRecord
        {
            Partition = 2,
            Timestamp = DateTimeOffset.UtcNow.AddDays(-1),
            Headers = [Header.Text("source", "import")],
        });
        #endregion
    }

    public static async Task FailingAsync(PipelineClient client)
    {
        #region send-failures
        await using var producer = client.CreateProducer("orders", new() { DeliveryTimeout = TimeSpan.FromSeconds(10) });
        producer.PushedBack += pushedBack => Console.WriteLine($"Waiting {pushedBack.RetryAfter}: {pushedBack.Message}");
        try
        {
            await producer.SendAsync("customer-7", """{"customer":"customer-7","country":"NL","cents":0}""");
        }
        catch (DeliveryException failure) when (failure.MayHaveBeenAppended)
        {
            Console.WriteLine($"It may be in the log: look before sending it again. {failure.Message}");
        }
        catch (DeliveryException failure)
        {
            Console.WriteLine($"It is not in the log, and can be sent again. {failure.Message}");
        }
        #endregion
    }
}
