namespace Orleans.Pipeline.Sinks;

/// <summary>The volume that a commit writes to a sink.</summary>
/// <param name="Records">Records for a topic, rows for a table, values for any other.</param>
/// <param name="Bytes">Bytes of the batches for a topic.</param>
internal readonly record struct SinkVolume(long Records, long Bytes)
{
    public static SinkVolume Of(SinkOutput output, List<TopicAppend> appends, int firstAppend, List<TableWrite> tables, int firstTable)
    {
        var (records, bytes) = ((long)output.Delivered, 0L);
        for (var index = firstAppend; index < appends.Count; index++)
        {
            records += appends[index].Batch.Count;
            bytes += appends[index].Batch.Bytes.Length;
        }

        for (var index = firstTable; index < tables.Count; index++)
        {
            records += tables[index].Rows.Count;
        }

        return new SinkVolume(records, bytes);
    }
}
