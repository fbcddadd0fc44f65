using Npgsql;
using Orleans.Pipeline.Storage.Postgres.Connections;
using Orleans.Pipeline.Storage.Postgres.Reading;
using Orleans.Pipeline.Storage.Postgres.Topics;
using Orleans.Pipeline.Storage.Postgres.Waking;
using Orleans.Pipeline.Telemetry;
using static Orleans.Pipeline.Storage.Postgres.Connections.Commands;

namespace Orleans.Pipeline.Storage.Postgres.Appending;

/// <summary>Batches that go to topics along with something else, in its transaction.</summary>
internal sealed class TopicOutputs(Database database, TopicDirectory topics, SegmentGrowth growth, FreshBatches fresh, Notifier notifier)
{
    private readonly string _append = $"SELECT {database.Schema}.append_output($1, $2, $3, $4)";

    /// <summary>Finds the partitions' ids, and sorts by them; batches for one partition stay in their order.</summary>
    public async ValueTask<List<TopicOutput>> LocateAsync(IEnumerable<TopicAppend> appends)
    {
        var outputs = new List<TopicOutput>();
        foreach (var append in appends)
        {
            var topic = await topics.GetAsync(append.Partition.Topic, CancellationToken.None);
            outputs.Add(new(append, topic.Id, topic.PartitionId(append.Partition)));
        }

        return [.. outputs.OrderBy(output => output.PartitionId)];
    }

    /// <summary>Adds the statements that append the batches.</summary>
    public void AddTo(NpgsqlBatch batch, List<TopicOutput> outputs)
    {
        foreach (var output in outputs)
        {
            var records = output.Append.Batch;
            batch.Add(_append, Of(output.PartitionId), Of(records.Count), Of(records.MaximumTimestamp), Of(records.Bytes));
        }
    }

    /// <summary>Runs a batch that ends with the outputs' statements, and wakes the readers when it is made.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="results">How many of the statements before the outputs' give rows; 1 or more.</param>
    /// <param name="outputs">The outputs.</param>
    public async Task ExecuteAsync(NpgsqlBatch batch, int results, List<TopicOutput> outputs)
    {
        var offsets = new long[outputs.Count];
        await using (var reader = await batch.ExecuteReaderAsync())
        {
            for (var result = 1; result < results; result++)
            {
                await reader.NextResultAsync();
            }

            for (var index = 0; index < offsets.Length; index++)
            {
                await reader.NextResultAsync();
                await reader.ReadAsync();
                offsets[index] = reader.GetInt64(0);
            }

            await reader.NextResultAsync();
        }

        for (var index = 0; index < offsets.Length; index++)
        {
            var (partition, records) = (outputs[index].PartitionId, outputs[index].Append.Batch);
            fresh.Add(partition, offsets[index], records);
            notifier.Tell(partition, offsets[index] + records.Count);
        }
    }

    /// <summary>Counts what was appended, towards the topics' segments too.</summary>
    public async ValueTask CountAsync(List<TopicOutput> outputs)
    {
        foreach (var output in outputs)
        {
            TopicTelemetry.NoteAppended(output.Append.Partition.Topic, output.Append.Batch);
            await growth.CountAsync(output.TopicId, output.Append.Batch.Bytes.Length);
        }
    }

    /// <summary>Forgets the topics, of which one is no longer known under its ids.</summary>
    public void Forget(List<TopicOutput> outputs) => outputs.ForEach(output => topics.Forget(output.Append.Partition.Topic));
}

/// <summary>A batch for a topic, with the ids that the database knows it by.</summary>
internal readonly record struct TopicOutput(TopicAppend Append, int TopicId, int PartitionId);
