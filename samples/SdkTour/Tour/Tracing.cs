using System.Diagnostics;
using Orleans.Pipeline;
using Orleans.Pipeline.Client;

namespace SdkTour;

internal static class Tracing
{
    private static readonly ActivitySource Application = new("Shop");

    public static async Task OrdersAsync(PipelineClient client)
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Shop" or PipelineTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        await using var end = client.CreateConsumer("orders", new() { From = ConsumeFrom.End, StopAtEnd = true });
        await foreach (var _ in end.ReadAsync())
        {
        }

        var before = end.Positions;

        #region trace-send
        await using var producer = client.CreateProducer("orders", ShopJson.Default.Order, order => order.Customer);
        using (var request = Application.StartActivity("POST /orders"))
        {
            await producer.SendAsync(new Order("customer-7", "NL", 100));
        }
        #endregion

        #region trace-read
        await using var consumer = client.CreateConsumer("orders", new() { From = ConsumeFrom.Positions(before), StopAtEnd = true });
        await foreach (var record in consumer.ReadAsync())
        {
            using var activity = record.StartActivity();
            Console.WriteLine($"In the sender's trace: {activity?.TraceId == record.TraceContext?.TraceId}");
        }
        #endregion
    }
}
