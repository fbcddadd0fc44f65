namespace Orleans.Pipeline.Bench.Measuring;

/// <summary>One timed run of one way of doing it.</summary>
/// <param name="Name">What ran.</param>
/// <param name="Records">Records that went all the way.</param>
/// <param name="Bytes">Bytes of the record batches that carried them.</param>
/// <param name="Seconds">From the first record to the last durable effect.</param>
/// <param name="CpuSeconds">Processor time meanwhile of the process that did it, or the processes.</param>
/// <param name="AllocatedBytes">Bytes allocated on the managed heap meanwhile.</param>
/// <param name="PeakBytes">The most resident memory meanwhile; 0 where the system does not tell.</param>
internal sealed record Sample(
    string Name, long Records, long Bytes, double Seconds, double CpuSeconds, long AllocatedBytes, long PeakBytes)
{
    /// <summary>Processor time of the database meanwhile, where it is another process.</summary>
    public double DatabaseCpuSeconds { get; init; }

    /// <summary>Calls between grains meanwhile, where there are grains.</summary>
    public long GrainCalls { get; init; }

    public double RecordsPerSecond => Records / Seconds;

    public double MegabytesPerSecond => Bytes / Seconds / 1e6;

    public double CpuMicrosecondsPerRecord => CpuSeconds * 1e6 / Records;

    public double AllocatedPerRecord => (double)AllocatedBytes / Records;
}
