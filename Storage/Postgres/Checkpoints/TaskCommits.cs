using Npgsql;
using Orleans.Pipeline.Storage.Postgres.Connections;
using Orleans.Pipeline.Storage.Postgres.Tables;
using Orleans.Pipeline.Storage.Postgres.Topics;
using static Orleans.Pipeline.Storage.Postgres.Connections.Commands;

namespace Orleans.Pipeline.Storage.Postgres.Checkpoints;

/// <summary>Commits tasks: checkpoints, rows and batches in one transaction and one round trip.</summary>
/// <remarks>
/// All commits take their locks in one order, which is the order of the statements: checkpoints by task, tables by name, in each table the
/// rows by key, partitions by id. A fenced task fails at its checkpoint, before anything else is written.
/// </remarks>
internal sealed class TaskCommits(
    Database database, SinkTables tables, TopicOutputs topics, StoreTelemetry telemetry, TimeProvider timeProvider)
{
    private readonly string _commit = $"SELECT {database.Schema}.commit_task($1, $2, $3, $4, $5, $6, $7, $8)";

    /// <summary>Writes all of the commits or none. Only a commit that is written alone fails with its own reason.</summary>
    public async Task CommitAsync(IReadOnlyList<Commit> commits)
    {
        var ordered = commits.Count == 1 ? commits
            : [.. commits.OrderBy(commit => commit.Task.Pipeline, StringComparer.Ordinal)
                .ThenBy(commit => commit.Task.Stage, StringComparer.Ordinal).ThenBy(commit => commit.Task.Partition)];
        var sinks = await FindTablesAsync(ordered);
        while (!await TryCommitAsync(ordered, sinks))
        {
        }
    }

    /// <returns>True if the commits were written; false if the ids of a topic were outdated, and have been forgotten.</returns>
    private async ValueTask<bool> TryCommitAsync(IReadOnlyList<Commit> commits, SortedDictionary<string, SinkTable> sinks)
    {
        var outputs = await topics.LocateAsync(commits.SelectMany(commit => commit.Appends));
        try
        {
            await telemetry.MeasureWriteAsync(
                "commit",
                commits.Count,
                outputs.Sum(output => (long)output.Append.Batch.Bytes.Length),
                () => database.UseAsync((connection, _) => SendAsync(connection, commits, sinks, outputs), CancellationToken.None));
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
            topics.Forget(outputs);
            return false;
        }

        await topics.CountAsync(outputs);
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

    private async Task<bool> SendAsync(
        NpgsqlConnection connection, IReadOnlyList<Commit> commits, SortedDictionary<string, SinkTable> sinks, List<TopicOutput> outputs)
    {
        await using var batch = new NpgsqlBatch(connection);
        var now = timeProvider.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var commit in commits)
        {
            var task = commit.Task;
            batch.Add(
                _commit, Of(task.Pipeline), Of(task.Stage), Of(task.Partition), Of(commit.Epoch), Of(commit.FirstOffset),
                Of(commit.NextOffset), Of(commit.DeadLetters), Of(now));
        }

        var written = new Dictionary<NpgsqlBatchCommand, SinkTable>();
        foreach (var sink in sinks.Values)
        {
            var writes = commits.SelectMany(commit => commit.Tables).Where(write => write.Table.Name == sink.Schema.Name);
            sink.AddTo(batch, writes.Select(write => write.Rows));
            written.Add(batch.BatchCommands[^1], sink);
        }

        topics.AddTo(batch, outputs);
        try
        {
            await topics.ExecuteAsync(batch, commits.Count, outputs);
            return true;
        }
        catch (PostgresException failure) when (failure.BatchCommand is { } failed && written.TryGetValue(failed, out var sink))
        {
            throw Explain(failure, sink.Schema);
        }
        catch (PostgresException failure) when (failure.BatchCommand is null && written.Count > 0 && RowRefusal.Is(failure, schema: null))
        {
            // A deferred constraint or trigger is checked when the transaction ends.
            var table = failure.TableName is { } named && sinks.ContainsKey(named) ? named : sinks.Keys.First();
            throw RefusalOf(table, failure);
        }
    }

    private Exception Explain(PostgresException failure, TableSchema table)
    {
        if (RowRefusal.Is(failure, table))
        {
            return RefusalOf(table.Name, failure);
        }

        if (!Failure.IsFaultOfTable(failure))
        {
            return failure;
        }

        tables.Forget(table);
        return new TableMismatchException(table.Name, failure.MessageText);
    }

    private static TableRowException RefusalOf(string table, PostgresException failure) =>
        new(table, $"{failure.MessageText.TrimEnd('.')} ({failure.SqlState})");
}
