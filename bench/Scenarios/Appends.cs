using Orleans.Pipeline.Bench.Measuring;
using Orleans.Pipeline.Storage.Sqlite;

namespace Orleans.Pipeline.Bench.Scenarios;

/// <summary>The store alone: appends prepared batches to a topic's partitions in turn, several at once.</summary>
internal sealed class Appends(BenchFolder folder, int batchBytes = 1 << 20, int inFlight = Appends.InFlight)
{
    private const int InFlight = 8;

    public async Task<Sample> RunAsync(Workload workload)
    {
        folder.Clear();
        await using var store = await SqliteStore.OpenAsync(folder.NewStore());
        await store.CreateTopicAsync("bench", new TopicSettings { Partitions = workload.Partitions });
        var batches = workload.Batches(batchBytes);
        var stopper = Stopper.Start();
        await FillAsync(store, batches, workload.Partitions, inFlight);
        return stopper.Stop("append", workload.Records, batches.Sum(batch => (long)batch.Bytes.Length));
    }

    public static async Task FillAsync(SqliteStore store, IReadOnlyList<RecordBatch> batches, int partitions, int inFlight = InFlight)
    {
        var running = new Queue<Task>();
        for (var index = 0; index < batches.Count; index++)
        {
            if (running.Count == inFlight)
            {
                await running.Dequeue();
            }

            running.Enqueue(store.AppendAsync(new TopicPartition("bench", index % partitions), batches[index]).AsTask());
        }

        await Task.WhenAll(running);
    }
}
