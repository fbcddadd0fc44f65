namespace Orleans.Pipeline.Dashboard.History;

/// <summary>The use of processors and memory over the last hour, and the records committed, of one process or of all together.</summary>
internal sealed class UsageHistory
{
    private const double BytesPerGib = 1L << 30;

    /// <summary>Records committed per second.</summary>
    public Series Records { get; } = new();

    /// <summary>Processors in use.</summary>
    public Series Processors { get; } = new();

    /// <summary>Memory in use, in bytes.</summary>
    public Series Memory { get; } = new();

    public void Add(DateTimeOffset at, double recordsPerSecond, double processors, long memoryBytes)
    {
        Records.Add(at, recordsPerSecond);
        Processors.Add(at, processors);
        Memory.Add(at, memoryBytes);
    }

    /// <summary>Adds up the hour before a time, as far as it is known.</summary>
    public Usage LastHour(DateTimeOffset end)
    {
        var seconds = TimeRange.Hour.Step.TotalSeconds;
        var records = Records.Read(TimeRange.Hour, end).Where(value => !float.IsNaN(value)).ToList();
        return new Usage(
            records.Count * TimeRange.Hour.Step,
            records.Sum(rate => rate * seconds),
            Sum(Processors) * seconds,
            Sum(Memory) * seconds / 3600 / BytesPerGib);

        double Sum(Series series) => series.Read(TimeRange.Hour, end).Where(value => !float.IsNaN(value)).Sum(value => (double)value);
    }
}

/// <summary>The use of processors and memory for a number of records.</summary>
/// <param name="Known">The time of the use, as far as it is known.</param>
/// <param name="Records">Records committed, once in each stage.</param>
/// <param name="CpuSeconds">Processor seconds.</param>
/// <param name="MemoryGibHours">Gibibytes of memory times hours.</param>
public sealed record Usage(TimeSpan Known, double Records, double CpuSeconds, double MemoryGibHours)
{
    /// <summary>The least records for figures per million. Fewer say nothing of a million.</summary>
    private const int MinimumRecords = 1000;

    /// <summary>Whether there were enough records to divide by.</summary>
    public bool HasRecords => Records >= MinimumRecords;

    /// <summary>Processor seconds per million records; NaN without enough records.</summary>
    public double CpuSecondsPerMillion => PerMillion(CpuSeconds);

    /// <summary>Returns an amount per million records; NaN without enough records.</summary>
    /// <param name="amount">The amount.</param>
    public double PerMillion(double amount) => HasRecords ? amount / Records * 1e6 : double.NaN;
}
