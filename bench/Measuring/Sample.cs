namespace Orleans.Pipeline.Bench.Measuring;

/// <summary>One timed run of one scenario.</summary>
/// <param name="Name">The scenario.</param>
/// <param name="Records">Records that took the whole way.</param>
/// <param name="Bytes">Bytes of the record batches that carried them.</param>
/// <param name="Seconds">From the first record to the last durable effect.</param>
/// <param name="CpuSeconds">Processor time of the process, or processes, during the run.</param>
/// <param name="AllocatedBytes">Bytes allocated on the managed heap during the run.</param>
/// <param name="PeakBytes">The peak of resident memory during the run; 0 if the system does not report it.</param>
internal sealed record Sample(
    string Name, long Records, long Bytes, double Seconds, double CpuSeconds, long AllocatedBytes, long PeakBytes)
{
    /// <summary>Processor time of the database during the run, if it is another process.</summary>
    public double DatabaseCpuSeconds { get; init; }

    /// <summary>Calls between grains during the run, if there are grains.</summary>
    public long GrainCalls { get; init; }

    /// <summary>Bytes that the process gave to the disk during the run; null if the system does not report them.</summary>
    public long? WrittenBytes { get; init; }

    /// <summary>Bytes written for each byte of the log.</summary>
    public double? WrittenPerByte => (double?)WrittenBytes / Bytes;

    public double RecordsPerSecond => Records / Seconds;

    public double MegabytesPerSecond => Bytes / Seconds / 1e6;

    public double CpuMicrosecondsPerRecord => CpuSeconds * 1e6 / Records;

    public double AllocatedPerRecord => (double)AllocatedBytes / Records;
}
