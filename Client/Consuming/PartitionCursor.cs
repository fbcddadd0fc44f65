namespace Orleans.Pipeline.Client.Consuming;

/// <summary>How far one partition was read ahead.</summary>
internal sealed class PartitionCursor(int partition, long next)
{
    public int Partition { get; } = partition;

    /// <summary>The offset to read next.</summary>
    public long Next { get; set; } = next;

    /// <summary>The offset before which to stop.</summary>
    public long Stop { get; init; } = long.MaxValue;

    /// <summary>
    /// Whether the beginning was not asked for as an offset and nothing was read yet: then retention that comes in between takes
    /// nothing that was promised.
    /// </summary>
    public bool IsFloating { get; set; }

    public bool IsAtStop => Next >= Stop;
}
