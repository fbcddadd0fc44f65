namespace Orleans.Pipeline.Tallies;

/// <summary>Counts the records of one partition. The key is that of the partition's stream.</summary>
[Alias("upgrade.tally")]
public interface ITallyGrain : IGrainWithStringKey
{
    /// <summary>Tells what it counted, once every record below an offset is in it.</summary>
    /// <param name="offset">The offset.</param>
    [Alias("read")]
    [ResponseTimeout("00:00:30")]
    Task<TallyState> ReadAsync(long offset);
}
