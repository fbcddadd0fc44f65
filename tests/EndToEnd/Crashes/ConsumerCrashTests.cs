using Orleans.Pipeline.Client;
using Orleans.Pipeline.Contracts;
using Orleans.Pipeline.Numbers;
using Xunit.Abstractions;

namespace Orleans.Pipeline.EndToEnd.Tests.Crashes;

public sealed class ConsumerCrashTests(ITestOutputHelper output)
{
    private const int Kills = 4;
    private const int MostBetweenKills = 3000;
    private static readonly TimeSpan ShortBackoff = TimeSpan.FromMilliseconds(20);

    private readonly int _seed = TestSettings.Int("CRASH_SEED") ?? Random.Shared.Next();

    [Fact]
    public async Task A_reader_goes_on_over_kills_of_the_host_and_of_itself_with_no_gap_and_no_repeat()
    {
        output.WriteLine($"Seed {_seed}; CRASH_SEED={_seed} sets it again.");
        var random = new Random(_seed);
        await using var host = new RestartedHost(random);
        await host.Process.ReadyAsync();
        var backoff = new ProducerSettings { InitialBackoff = ShortBackoff, MaximumBackoff = ShortBackoff };
        var load = new KeyedLoad(host.Client, "read", keys: 12, window: 400, backoff);
        var reader = new SavingReader(host.Client, NumbersPipeline.Source, random.Next(200, 2000));
        using var stop = new CancellationTokenSource();
        var sending = load.RunAsync(stop.Token);
        var reading = reader.RunAsync(stop.Token);

        for (var kill = 0; kill < Kills; kill++)
        {
            await load.WhenAcknowledgedAsync(random.Next(1, MostBetweenKills));
            await host.Process.KillAsync();
            await host.RestartAsync();
            await host.Process.ReadyAsync();
        }

        await stop.CancelAsync();
        await sending;
        await reading;
        await reader.ReadRestAsync();

        var log = (await Effects.RecordsAsync(host.Client, NumbersPipeline.Source)).Select(record => record.Place).ToList();
        output.WriteLine($"{log.Count} records, read by {reader.Consumers} consumers that made requests again {reader.Retries} times.");
        Assert.Equal(log, reader.Read.OrderBy(place => place.Partition.Partition));
        Assert.True(reader.Retries > 0);
    }

    /// <summary>Reads a topic by one consumer after the other, each from what the one before it had saved.</summary>
    private sealed class SavingReader(PipelineClient client, string topic, int recordsPerConsumer)
    {
        private string _saved = "";

        /// <summary>
        /// Where each record was, in the order in which they were read; sorting by partition keeps that order within each.
        /// </summary>
        public List<SendResult> Read { get; } = [];

        public int Consumers { get; private set; }

        public int Retries { get; private set; }

        public async Task RunAsync(CancellationToken stop)
        {
            try
            {
                while (true)
                {
                    await ReadAsync(new() { InitialBackoff = ShortBackoff, MaximumBackoff = ShortBackoff }, recordsPerConsumer, stop);
                }
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
            }
        }

        public Task ReadRestAsync() => ReadAsync(new() { StopAtEnd = true }, int.MaxValue, CancellationToken.None);

        private async Task ReadAsync(ConsumerSettings settings, int most, CancellationToken stop)
        {
            Consumers++;
            await using var consumer = client.CreateConsumer(
                topic, settings with { From = ConsumeFrom.Positions(ConsumerPositions.Parse(_saved)) });
            consumer.Retrying += _ => Retries++;
            await foreach (var record in consumer.ReadAsync(stop))
            {
                Read.Add(new(record.Partition, record.Offset));
                _saved = consumer.Positions.ToString();
                if (--most == 0)
                {
                    break;
                }
            }
        }
    }
}
