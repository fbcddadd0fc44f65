using Orleans.Pipeline;
using Orleans.Pipeline.Client;

namespace SdkTour;

internal static class Operating
{
    public static async Task TopicsAsync(PipelineClient client)
    {
        #region topics
        await client.Admin.CreateTopicAsync("audit", new TopicSettings { Partitions = 2, RetentionAge = TimeSpan.FromDays(90) });
        await client.Admin.UpdateTopicAsync("audit", new TopicChange { RetentionAge = TimeSpan.FromDays(30), RetentionBytes = 1L << 30 });
        foreach (var topic in await client.Admin.ListTopicsAsync())
        {
            var details = await client.Admin.DescribeTopicAsync(topic.Topic);
            Console.WriteLine($"Topic: {topic.Topic} keeps {details.Records} records on {details.Partitions.Count} partitions, lag {details.Lag}.");
        }

        await client.Admin.DeleteTopicAsync("audit");
        #endregion
    }

    public static async Task PipelinesAsync(PipelineClient client)
    {
        #region pipelines
        var drained = await client.Admin.DrainAsync("revenue");
        Console.WriteLine($"Pipeline: {drained.Name} is {drained.State} with lag {drained.Lag}, {drained.DeadLetters} dead letters.");
        await client.Admin.SeekAsync("revenue", SeekTarget.At(partition: 2, offset: 0));
        await client.Admin.ResumeAsync("revenue");
        #endregion
    }

    public static async Task DeadLettersAsync(PipelineClient client)
    {
        #region dead-letters
        foreach (var error in await client.Admin.ListDeadLetterErrorsAsync("revenue"))
        {
            Console.WriteLine($"Dead letters: {error.Count} of {error.ErrorType} in step {error.Step}: {error.Message}");
        }

        DeadLetterPosition? after = null;
        do
        {
            var page = await client.Admin.ListDeadLettersAsync("revenue", new() { Step = "check" }, after);
            foreach (var letter in page.DeadLetters)
            {
                Console.WriteLine($"Dead letter: {letter.Position} was {letter.Source} at {letter.SourceOffset}, {letter.Attempts} attempts.");
            }

            after = page.Next;
        }
        while (after is not null);

        var replayed = await client.Admin.ReplayDeadLettersAsync("revenue", new() { ErrorType = "System.TimeoutException" });
        var discarded = await client.Admin.DiscardDeadLettersAsync("revenue", DeadLetterFilter.All);
        Console.WriteLine($"Replayed {replayed}, discarded {discarded}.");
        #endregion
    }

    public static async Task GatewaysAsync(PipelineClient client)
    {
        #region gateways
        var server = await client.Admin.DescribeServerAsync();
        var readiness = await client.Admin.CheckReadinessAsync();
        Console.WriteLine($"Gateway: {server.Product} on {server.Store}, {readiness.Status}; '{server.Caller.Name}' may {string.Join(", ", server.Caller.Scopes)}.");
        #endregion
    }
}
