using System.Threading.Channels;
using Npgsql;
using Orleans.Pipeline.Storage.Postgres.Connections;
using Orleans.Pipeline.Storage.Postgres.Topics;
using static Orleans.Pipeline.Storage.Postgres.Connections.Commands;

namespace Orleans.Pipeline.Storage.Postgres.Appending;

internal sealed class AppendLanes(AppendLane[] lanes)
{
    public void Start()
    {
        foreach (var lane in lanes)
        {
            lane.Start();
        }
    }

    /// <summary>Appends a batch after the earlier batches for the same partition.</summary>
    public Task<AppendResult> AppendAsync(
        TopicPartition partition, Guid topicId, RecordBatch batch, CancellationToken cancellationToken)
    {
        var lane = (uint)(partition.Topic.GetHashCode() + partition.Partition) % (uint)lanes.Length;
        return lanes[lane].AppendAsync(partition, topicId, batch, cancellationToken);
    }

    public Task StopAsync() => Task.WhenAll(lanes.Select(lane => lane.StopAsync()));
}

/// <summary>
/// Appends the batches of some partitions in their order. One transaction and one round trip write all batches that wait; the next batches
/// gather meanwhile.
/// </summary>
internal sealed class AppendLane(
    Database database,
    TopicDirectory topics,
    AppendFollowUp followUp,
    PostgresStoreSettings settings,
    StoreTelemetry telemetry,
    TimeProvider timeProvider)
{
    private readonly Channel<AppendRequest> _requests =
        Channel.CreateUnbounded<AppendRequest>(new UnboundedChannelOptions { SingleReader = true });

    private readonly string _holdProducers = $"SELECT {database.Schema}.hold_producers($1)";
    private readonly string _append = $"SELECT status, base_offset, detail FROM {database.Schema}.append($1, $2, $3, $4, $5, $6, $7, $8)";
    private Task _running = Task.CompletedTask;

    public void Start() => _running = RunAsync();

    public Task<AppendResult> AppendAsync(
        TopicPartition partition, Guid topicId, RecordBatch batch, CancellationToken cancellationToken)
    {
        var request = new AppendRequest(partition, topicId, batch);
        ObjectDisposedException.ThrowIf(!_requests.Writer.TryWrite(request), typeof(PostgresStore));
        return request.AnswerAsync(cancellationToken);
    }

    /// <summary>Refuses new batches, and appends those that wait.</summary>
    public Task StopAsync()
    {
        _requests.Writer.TryComplete();
        return _running;
    }

    private async Task RunAsync()
    {
        while (await _requests.Reader.WaitToReadAsync())
        {
            var group = TakeGroup();
            try
            {
                await AppendAsync(group);
                foreach (var request in group)
                {
                    await followUp.CountAsync(request.TopicId, request.Bytes);
                }
            }
            catch (Exception failure)
            {
                foreach (var request in group)
                {
                    request.Fail(failure);
                }
            }
        }
    }

    private List<AppendRequest> TakeGroup()
    {
        var group = new List<AppendRequest>();
        var bytes = 0L;
        while (group.Count < settings.GroupBatches && _requests.Reader.TryPeek(out var next)
            && (group.Count == 0 || bytes + next.Bytes <= settings.GroupBytes) && _requests.Reader.TryRead(out next))
        {
            if (!next.IsAbandoned)
            {
                bytes += next.Bytes;
                group.Add(next);
            }
        }

        return group;
    }

    private async Task AppendAsync(List<AppendRequest> group)
    {
        var pending = await LocateAsync(group);
        while (pending.Count > 0)
        {
            var outcomes = await telemetry.MeasureWriteAsync(
                "append",
                pending.Count,
                pending.Sum(request => (long)request.Bytes),
                () => database.UseOwnAsync((connection, _) => SendAsync(connection, pending), CancellationToken.None));
            var lost = new List<AppendRequest>();
            for (var index = 0; index < outcomes.Length; index++)
            {
                if (outcomes[index].Status == AppendStatus.UnknownPartition)
                {
                    topics.Forget(pending[index].Partition.Topic);
                    lost.Add(pending[index]);
                }
                else
                {
                    Answer(pending[index], outcomes[index]);
                }
            }

            pending = await LocateAsync(lost);
        }
    }

    /// <summary>Finds the partitions' ids, and fails the requests for unknown partitions.</summary>
    /// <returns>The other requests by partition, so that all lanes lock partitions in one order; otherwise in their order.</returns>
    private async Task<List<AppendRequest>> LocateAsync(List<AppendRequest> group)
    {
        var located = new List<AppendRequest>(group.Count);
        foreach (var request in group)
        {
            try
            {
                var topic = await topics.GetAsync(request.Partition.Topic, request.TopicIdentity, CancellationToken.None);
                request.TopicId = topic.Id;
                request.PartitionId = topic.PartitionId(request.Partition);
                located.Add(request);
            }
            catch (PipelineException refusal)
            {
                request.Fail(refusal);
            }
        }

        return [.. located.OrderBy(request => request.PartitionId)];
    }

    private async Task<AppendOutcome[]> SendAsync(NpgsqlConnection connection, List<AppendRequest> requests)
    {
        await using var batch = new NpgsqlBatch(connection);
        var producers = requests.Select(request => request.Batch.ProducerId)
            .Where(producer => producer != RecordBatch.NoProducer).Distinct().ToArray();
        if (producers.Length > 0)
        {
            batch.Add(_holdProducers, OfAny(producers, NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Bigint));
        }

        var now = timeProvider.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var request in requests)
        {
            var records = request.Batch;
            batch.Add(
                _append, Of(request.PartitionId), Of(records.ProducerId), Of(records.ProducerEpoch), Of(records.BaseSequence),
                Of(records.Count), Of(records.MaximumTimestamp), Of(now), Of(records.Bytes));
        }

        await using var reader = await batch.ExecuteReaderAsync();
        if (producers.Length > 0)
        {
            await reader.NextResultAsync();
        }

        var outcomes = new AppendOutcome[requests.Count];
        for (var index = 0; index < outcomes.Length; index++)
        {
            await reader.ReadAsync();
            outcomes[index] = new(
                (AppendStatus)reader.GetInt32(0),
                reader.IsDBNull(1) ? -1 : reader.GetInt64(1),
                reader.IsDBNull(2) ? 0 : reader.GetInt64(2));
            await reader.NextResultAsync();
        }

        return outcomes;
    }

    private void Answer(AppendRequest request, AppendOutcome outcome)
    {
        if (outcome.Status == AppendStatus.Appended)
        {
            followUp.Publish(request.PartitionId, outcome.BaseOffset, request.Batch);
        }

        outcome.Answer(request);
    }
}
