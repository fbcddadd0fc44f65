using Npgsql;
using Orleans.Pipeline.Storage.Postgres.Connections;
using static Orleans.Pipeline.Storage.Postgres.Connections.Commands;

namespace Orleans.Pipeline.Storage.Postgres.Topics;

/// <summary>Appends batches to topics in the transaction of a commit or of a settlement.</summary>
internal sealed class TopicOutputs(Database database, TopicDirectory topics, AppendFollowUp followUp, TimeProvider timeProvider)
{
    private readonly string _append = $"SELECT {database.Schema}.append_output($1, $2, $3, $4, $5)";

    /// <summary>Finds the partitions' ids, and sorts the batches by them. Batches for one partition keep their order.</summary>
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

    public void AddTo(NpgsqlBatch batch, List<TopicOutput> outputs)
    {
        var now = timeProvider.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var output in outputs)
        {
            var records = output.Append.Batch;
            batch.Add(_append, Of(output.PartitionId), Of(records.Count), Of(records.MaximumTimestamp), Of(now), Of(records.Bytes));
        }
    }

    /// <summary>Runs a batch that ends with the statements of <see cref="AddTo"/>, then wakes the readers.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="results">The number of earlier statements that return rows; 1 or more.</param>
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
            followUp.Publish(outputs[index].PartitionId, offsets[index], outputs[index].Append.Batch);
        }
    }

    /// <summary>Counts the appended batches in metrics and towards the topics' segments.</summary>
    public async ValueTask CountAsync(List<TopicOutput> outputs)
    {
        foreach (var output in outputs)
        {
            StoreTelemetry.NoteAppended(output.Append);
            await followUp.CountAsync(output.TopicId, output.Append.Batch.Bytes.Length);
        }
    }

    public void Forget(List<TopicOutput> outputs) => outputs.ForEach(output => topics.Forget(output.Append.Partition.Topic));
}

internal readonly record struct TopicOutput(TopicAppend Append, int TopicId, int PartitionId);
