using Orleans.Pipeline.Storage;

namespace Orleans.Pipeline.Testing.Memory;

/// <summary>Applies the retention of every topic, and forgets producers that stayed away.</summary>
internal static class Retention
{
    /// <param name="state">The contents of the database.</param>
    /// <param name="now">The time by which age is judged.</param>
    /// <param name="since">The time since which a producer must have been opened or seen.</param>
    /// <returns>How many records were removed.</returns>
    public static long Trim(MemoryState state, DateTimeOffset now, DateTimeOffset since)
    {
        var removed = 0L;
        var partitions = state.Topics.Values.SelectMany(topic => topic.Partitions).ToList();
        foreach (var (description, own) in state.Topics.Values)
        {
            foreach (var partition in own)
            {
                var (records, unread) = partition.Trim(description.Settings, state.Tasks.FindCommitted(partition.Partition), now);
                removed += records;
                if (records > 0)
                {
                    StoreTelemetry.NoteRemoved(description.Topic, records, unread);
                }
            }
        }

        partitions.ForEach(partition => partition.Sequences.Forget(since, id => state.Producers.IsKept(id, since)));
        state.Producers.Forget(since, id => partitions.Exists(partition => partition.Sequences.Remembers(id)));
        return removed;
    }
}
