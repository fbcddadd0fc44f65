using System.Collections.Concurrent;
using Orleans.Pipeline.Numbers;

namespace Orleans.Pipeline.Contracts;

/// <summary>
/// Every commit of every task, noted by the database in the commit's own transaction: who made it, when, under which epoch.
/// </summary>
public sealed class CommitHistory(string connectionString)
{
    private const string Begin =
        """
        CREATE TABLE commit_history (
            id bigserial PRIMARY KEY, at timestamptz NOT NULL, silo text NOT NULL, task text NOT NULL, epoch bigint NOT NULL, first bigint NOT NULL, next bigint NOT NULL);
        CREATE FUNCTION note_commit() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO public.commit_history (at, silo, task, epoch, first, next) VALUES (
                clock_timestamp(), current_setting('application_name'), format('%s/%s/%s', NEW.pipeline, NEW.stage, NEW.partition),
                NEW.epoch, OLD.next_offset, NEW.next_offset);
            RETURN NULL;
        END $$;
        CREATE TRIGGER note_commit AFTER UPDATE ON pipeline.checkpoints
            FOR EACH ROW WHEN (NEW.next_offset <> OLD.next_offset) EXECUTE FUNCTION note_commit();
        """;

    private readonly ConcurrentQueue<(DateTime At, string Signal, string Silo)> _signals = [];

    /// <summary>Begins to note, once there are tables.</summary>
    public Task BeginAsync() => PostgresServer.ExecuteAsync(
        connectionString, Begin + SinkTables.NoteOrderOf(NumbersPipeline.RowsTable) + SinkTables.NoteOrderOf(NumbersPipeline.CopiesTable));

    /// <summary>Remembers that a silo was sent a signal, now.</summary>
    public void Note(string signal, string silo) => _signals.Enqueue((DateTime.UtcNow, signal, silo));

    /// <summary>The silo that committed last.</summary>
    public Task<string> LastCommitterAsync() =>
        PostgresServer.QueryAsync<string>(connectionString, "SELECT silo FROM commit_history ORDER BY id DESC LIMIT 1");

    /// <summary>
    /// Lists the faults in the tasks' commits: an epoch that goes down, two silos under one epoch, records in two commits or in none.
    /// </summary>
    public async Task<List<string>> FaultsAsync()
    {
        var faults = new List<string>();
        foreach (var commits in (await CommitsAsync()).GroupBy(commit => commit.Task))
        {
            foreach (var (earlier, later) in commits.Zip(commits.Skip(1)))
            {
                if (later.Epoch < earlier.Epoch || (later.Epoch == earlier.Epoch && later.Silo != earlier.Silo) || later.First != earlier.Next)
                {
                    faults.Add($"{later} came behind {earlier}.");
                }
            }
        }

        return faults;
    }

    /// <summary>
    /// Describes each signal since the previous call: the number of the silo's tasks, and the time until all of them had committed on
    /// other silos.
    /// </summary>
    public async Task<List<string>> HandOversAsync()
    {
        var signals = _signals.ToList();
        _signals.Clear();
        var tasks = (await CommitsAsync()).GroupBy(commit => commit.Task).Select(group => group.ToList()).ToList();
        return [.. signals.Select(signal =>
        {
            var handOvers = tasks.Select(commits => HandOverOf(commits, signal.At, signal.Silo)).OfType<TimeSpan>().ToList();
            return $"{signal.Signal} of {signal.Silo}: {handOvers.Count} tasks went on elsewhere within {(handOvers.Count == 0 ? TimeSpan.Zero : handOvers.Max()).TotalSeconds:F1} s.";
        })];
    }

    /// <summary>The longest time in which no task committed anything.</summary>
    public async Task<TimeSpan> LongestPauseAsync()
    {
        var times = (await CommitsAsync()).Select(commit => commit.At).Order().ToList();
        return times.Zip(times.Skip(1), (earlier, later) => later - earlier).Max();
    }

    /// <summary>How long after a signal a task committed elsewhere; null if the silo did not own it, or it never did.</summary>
    private static TimeSpan? HandOverOf(List<Committed> commits, DateTime signal, string silo)
    {
        var last = commits.FindLastIndex(commit => commit.Silo == silo);
        return last >= 0 && last + 1 < commits.Count && commits[last + 1].At > signal ? commits[last + 1].At - signal : null;
    }

    private Task<List<Committed>> CommitsAsync() => SinkTables.QueryAsync(
        connectionString,
        "SELECT at, silo, task, epoch, first, next FROM commit_history ORDER BY id",
        row => new Committed(row.GetDateTime(0), row.GetString(1), row.GetString(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5)));

    private sealed record Committed(DateTime At, string Silo, string Task, long Epoch, long First, long Next);
}
