namespace Orleans.Pipeline.Tallies;

/// <summary>Counts the records of one partition. The key is that of the partition's stream.</summary>
[Alias("upgrade.tally")]
public interface ITallyGrain : IGrainWithStringKey
{
    /// <summary>Returns the tally, once it holds every record below an offset.</summary>
    /// <param name="offset">The offset.</param>
    [Alias("read")]
    [ResponseTimeout("00:00:30")]
    Task<TallyState> ReadAsync(long offset);
}
