using Npgsql;
using Orleans.Pipeline.Checkpoints;
using Orleans.Pipeline.Sinks;
using static Orleans.Pipeline.Storage.Postgres.Commands;

namespace Orleans.Pipeline.Storage.Postgres;

/// <summary>Commits tasks: checkpoints, rows and batches in one transaction and one round trip.</summary>
/// <remarks>
/// The statements stand in the one order in which all commits take their locks: checkpoints by task (whoever is fenced ends there, and
/// the rest with it), tables by name, in each the rows by key, partitions by id.
/// </remarks>
internal sealed class TaskCommits(
    Database database, TopicDirectory topics, SinkTables tables, SegmentGrowth growth, FreshBatches fresh, Notifier notifier, TimeProvider timeProvider)
{
    private readonly string _commit = $"SELECT {database.Schema}.commit_task($1, $2, $3, $4, $5, $6, $7, $8)";
    private readonly string _append = $"SELECT {database.Schema}.append_output($1, $2, $3, $4)";

    /// <summary>Makes all of some commits, or nothing. What is wrong with one of several is told only if it is made alone.</summary>
    public async Task CommitAsync(IReadOnlyList<Commit> commits)
    {
        var ordered = commits.Count == 1 ? commits
            : [.. commits.OrderBy(commit => commit.Task.Pipeline, StringComparer.Ordinal).ThenBy(commit => commit.Task.Stage, StringComparer.Ordinal).ThenBy(commit => commit.Task.Partition)];
        var sinks = await FindTablesAsync(ordered);
        while (!await TryCommitAsync(ordered, sinks))
        {
        }
    }

    /// <returns>Whether they were made; not so if a topic's ids were out of date, which were forgotten then.</returns>
    private async ValueTask<bool> TryCommitAsync(IReadOnlyList<Commit> commits, SortedDictionary<string, SinkTable> sinks)
    {
        var outputs = await LocateAsync(commits);
        try
        {
            await database.UseAsync((connection, _) => SendAsync(connection, commits, sinks, outputs), CancellationToken.None);
        }
        catch (PostgresException refused) when (refused.SqlState == Failure.CommitRepeated && commits.Count == 1)
        {
            return true;
        }
        catch (PostgresException refused) when (refused.SqlState == Failure.CommitRefused && commits.Count == 1)
        {
            throw new TaskFencedException(commits[0].Task, refused.MessageText);
        }
        catch (PostgresException refused) when (refused.SqlState == Failure.UnknownPartition)
        {
            outputs.ForEach(output => topics.Forget(output.Append.Partition.Topic));
            return false;
        }

        foreach (var output in outputs)
        {
            await growth.CountAsync(output.TopicId, output.Append.Batch.Bytes.Length);
        }

        return true;
    }

    private async ValueTask<SortedDictionary<string, SinkTable>> FindTablesAsync(IReadOnlyList<Commit> commits)
    {
        var sinks = new SortedDictionary<string, SinkTable>(StringComparer.Ordinal);
        foreach (var write in commits.SelectMany(commit => commit.Tables))
        {
            if (write.Rows.Count > 0)
            {
                sinks[write.Table.Name] = await tables.GetAsync(write.Table, CancellationToken.None);
            }
        }

        return sinks;
    }

    /// <summary>Finds the partitions' ids, and sorts by them; batches for one partition stay in their order.</summary>
    private async ValueTask<List<Output>> LocateAsync(IReadOnlyList<Commit> commits)
    {
        var outputs = new List<Output>();
        foreach (var append in commits.SelectMany(commit => commit.Appends))
        {
            var topic = await topics.GetAsync(append.Partition.Topic, CancellationToken.None);
            outputs.Add(new(append, topic.Id, topic.PartitionId(append.Partition)));
        }

        return [.. outputs.OrderBy(output => output.PartitionId)];
    }

    private async Task<bool> SendAsync(
        NpgsqlConnection connection, IReadOnlyList<Commit> commits, SortedDictionary<string, SinkTable> sinks, List<Output> outputs)
    {
        await using var batch = new NpgsqlBatch(connection);
        var now = timeProvider.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var commit in commits)
        {
            var task = commit.Task;
            batch.Add(
                _commit, Of(task.Pipeline), Of(task.Stage), Of(task.Partition), Of(commit.Epoch), Of(commit.FirstOffset), Of(commit.NextOffset),
                Of(commit.DeadLetters), Of(now));
        }

        var written = new Dictionary<NpgsqlBatchCommand, SinkTable>();
        foreach (var sink in sinks.Values)
        {
            sink.AddTo(batch, commits.SelectMany(commit => commit.Tables).Where(write => write.Table.Name == sink.Schema.Name).Select(write => write.Rows));
            written.Add(batch.BatchCommands[^1], sink);
        }

        foreach (var output in outputs)
        {
            var records = output.Append.Batch;
            batch.Add(_append, Of(output.PartitionId), Of(records.Count), Of(records.MaximumTimestamp), Of(records.Bytes));
        }

        try
        {
            await ExecuteAsync(batch, commits.Count, outputs);
            return true;
        }
        catch (PostgresException failure) when (failure.BatchCommand is { } failed && written.TryGetValue(failed, out var sink))
        {
            throw Explain(failure, sink.Schema);
        }
    }

    private async Task ExecuteAsync(NpgsqlBatch batch, int commits, List<Output> outputs)
    {
        var offsets = new long[outputs.Count];
        await using (var reader = await batch.ExecuteReaderAsync())
        {
            for (var result = 1; result < commits; result++)
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

    private Exception Explain(PostgresException failure, TableSchema table)
    {
        if (Failure.IsFaultOfRow(failure))
        {
            return new TableRowException(table.Name, failure.MessageText);
        }

        if (!Failure.IsFaultOfTable(failure))
        {
            return failure;
        }

        tables.Forget(table);
        return new TableMismatchException(table.Name, failure.MessageText);
    }

    private readonly record struct Output(TopicAppend Append, int TopicId, int PartitionId);
}
