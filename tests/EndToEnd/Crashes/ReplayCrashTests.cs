using Orleans.Pipeline.Client;
using Orleans.Pipeline.Numbers;

namespace Orleans.Pipeline.EndToEnd.Tests.Crashes;

public sealed class ReplayCrashTests
{
    private const int Letters = 6000;
    private const int Kills = 4;

    /// <summary>So large that a replay takes many transactions.</summary>
    private static readonly Header Padding = new("padding", new byte[2000]);

    /// <summary>What is random is when the host is killed; it is not a wait for anything.</summary>
    private static readonly TimeSpan LongestReplay = TimeSpan.FromMilliseconds(150);

    [Fact]
    public async Task Dead_letters_replayed_after_the_pipeline_was_mended_take_effect_exactly_once_however_often_the_host_is_killed()
    {
        await using var host = new RestartedHost(Random.Shared);
        await host.Process.ReadyAsync();
        await SendMalformedAsync(host.Client);
        await host.DrainAsync();
        Assert.Equal(Letters, (await host.Client.Admin.DescribePipelineAsync(NumbersPipeline.Name)).DeadLetters);
        await host.Client.Admin.ResumeAsync(NumbersPipeline.Name);
        Assert.Equal(0, await host.Process.TerminateAsync());
        host.IsMended = true;

        for (var kill = 0; kill < Kills; kill++)
        {
            await host.RestartAsync();
            await host.Process.ReadyAsync();
            var replay = host.Client.Admin.ReplayDeadLettersAsync(NumbersPipeline.Name, DeadLetterFilter.All).AsTask();
            await Task.Delay(Random.Shared.NextDouble() * LongestReplay);
            await host.Process.KillAsync();
            await replay.ContinueWith(_ => { }, TaskScheduler.Default);
        }

        await host.RestartAsync();
        await host.Process.ReadyAsync();
        await host.Client.Admin.ReplayDeadLettersAsync(NumbersPipeline.Name, DeadLetterFilter.All);
        await host.DrainAsync();

        Assert.Empty((await host.Client.Admin.ListDeadLettersAsync(NumbersPipeline.Name)).DeadLetters);
        Assert.Equal(0, await host.Process.TerminateAsync());
        var expected = Enumerable.Range(0, Letters).Select(Malformed);
        Assert.Equal(expected, Tables.Rows(host.Database, NumbersPipeline.RowsTable).Select(row => row.Number).Order());
        Assert.Equal(expected, Tables.Rows(host.Database, NumbersPipeline.CopiesTable).Select(row => row.Number).Order());
        Assert.Equal(Letters, Tables.Counts(host.Database).Values.Sum(count => count.Records));
    }

    private static int Malformed(int index) => (index * 50) + 49;

    private static async Task SendMalformedAsync(PipelineClient client)
    {
        await client.Topics.CreateTopicAsync(NumbersPipeline.Source, new TopicSettings { Partitions = 4 });
        await using var producer = client.CreateProducer(NumbersPipeline.Source);
        for (var index = 0; index < Letters; index++)
        {
            var number = new Numbered($"key-{index % 8}", Malformed(index));
            await producer.EnqueueAsync(ProducerRecord.Text(number.Key, number.ToJson()) with { Headers = [Padding] });
        }

        await producer.FlushAsync();
    }
}
