using Orleans.Pipeline.Client;

namespace SdkTour;

internal static class Reading
{
    public static async Task AllAsync(PipelineClient client)
    {
        #region read
        await using var consumer = client.CreateConsumer("orders");
        await foreach (var record in consumer.ReadAsync())
        {
            Console.WriteLine($"Read: {record} {record.KeyText} {record.ValueText}");
            break; // without this, it waits for more
        }
        #endregion
    }

    public static async Task AsAJobAsync(PipelineClient client, string positionsFile)
    {
        #region read-job
        var saved = ConsumerPositions.Parse(File.Exists(positionsFile) ? await File.ReadAllTextAsync(positionsFile) : "");
        await using var consumer = client.CreateConsumer("orders", new()
        {
            From = ConsumeFrom.Positions(saved),
            StopAtEnd = true,
        });
        var count = 0;
        await foreach (var record in consumer.ReadAsync())
        {
            count++;
        }

        await File.WriteAllTextAsync(positionsFile, consumer.Positions.ToString());
        Console.WriteLine($"Job: {count} orders since the last time.");
        #endregion
    }

    public static async Task BatchesAsync(PipelineClient client)
    {
        #region read-batches
        await using var consumer = client.CreateConsumer(
            "orders", new() { From = ConsumeFrom.Time(DateTimeOffset.UtcNow.AddHours(-1)), StopAtEnd = true });
        await foreach (var batch in consumer.ReadBatchesAsync())
        {
            var bytes = 0;
            foreach (var record in batch)
            {
                bytes += record.Value.Length;
            }

            Console.WriteLine($"Batch: {batch.Count} records, {bytes} bytes of {batch.Partition} before offset {batch.NextOffset}.");
        }
        #endregion
    }

    public static async Task ValuesAsync(PipelineClient client)
    {
        #region read-values
        await using var consumer = client.CreateConsumer("orders", ShopJson.Default.Order, new() { StopAtEnd = true });
        var cents = 0L;
        await foreach (var record in consumer.ReadAsync())
        {
            if (record.Error is { } error)
            {
                Console.WriteLine($"Passed over: {error.Message}");
                continue;
            }

            cents += record.Value.Cents;
        }

        Console.WriteLine($"Read values: {cents} cents.");
        #endregion
    }

    public static async Task FailingAsync(PipelineClient client)
    {
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        var cancellationToken = cancellation.Token;
        #region read-failures
        await using var consumer = client.CreateConsumer("orders", new()
        {
            From = ConsumeFrom.End,
            WhenOvertaken = WhenOvertaken.GoOn,
            RetryTimeout = TimeSpan.FromMinutes(5),
        });
        consumer.Retrying += retry => Console.WriteLine($"Trying again in {retry.Wait}: {retry.Error.Message}");
        consumer.Lost += lost => Console.WriteLine($"Retention removed {lost.Count} records of {lost.Partition} from offset {lost.Offset} on before they were read.");
        try
        {
            await foreach (var record in consumer.ReadAsync(cancellationToken))
            {
                Console.WriteLine($"New: {record}");
            }
        }
        catch (OperationCanceledException)
        {
            Console.WriteLine($"Stopped at {consumer.Positions}, {await consumer.GetLagAsync(CancellationToken.None)} behind.");
        }
        #endregion
    }
}
