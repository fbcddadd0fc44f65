using Npgsql;
using Orleans.Pipeline.Storage.Postgres.Appending;
using Orleans.Pipeline.Storage.Postgres.Connections;
using Orleans.Pipeline.Storage.Postgres.Tables;
using Orleans.Pipeline.Telemetry;
using static Orleans.Pipeline.Storage.Postgres.Connections.Commands;

namespace Orleans.Pipeline.Storage.Postgres.Checkpoints;

/// <summary>Commits tasks: checkpoints, rows and batches in one transaction and one round trip.</summary>
/// <remarks>
/// The statements stand in the one order in which all commits take their locks: checkpoints by task (whoever is fenced ends there, and
/// the rest with it), tables by name, in each the rows by key, partitions by id.
/// </remarks>
internal sealed class TaskCommits(Database database, SinkTables tables, TopicOutputs topics, StoreTelemetry telemetry, TimeProvider timeProvider)
{
    private readonly string _commit = $"SELECT {database.Schema}.commit_task($1, $2, $3, $4, $5, $6, $7, $8)";

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
        var outputs = await topics.LocateAsync(commits.SelectMany(commit => commit.Appends));
        try
        {
            await telemetry.WriteAsync(
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
                _commit, Of(task.Pipeline), Of(task.Stage), Of(task.Partition), Of(commit.Epoch), Of(commit.FirstOffset), Of(commit.NextOffset),
                Of(commit.DeadLetters), Of(now));
        }

        var written = new Dictionary<NpgsqlBatchCommand, SinkTable>();
        foreach (var sink in sinks.Values)
        {
            sink.AddTo(batch, commits.SelectMany(commit => commit.Tables).Where(write => write.Table.Name == sink.Schema.Name).Select(write => write.Rows));
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
}
