using Orleans.Pipeline.Settings;

namespace Orleans.Pipeline.Client;

/// <summary>How a producer gathers records into batches, retries them and bounds its memory.</summary>
public sealed record ProducerSettings
{
    private const string Owner = "producer";

    /// <summary>How long a batch waits for more records before it is sent. Default 5 ms; zero sends at once.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>The bytes, uncompressed, at which a batch is sent before its linger is over. Default 262,144 (256 kB).</summary>
    public int BatchBytes { get; init; } = 256 << 10;

    /// <summary>
    /// The most batches of a partition that are sent and not yet acknowledged, 1 to 5: the log remembers the last five of each
    /// producer, so that it can tell a repeat. Default 5.
    /// </summary>
    public int MaximumInFlight { get; init; } = DuplicateSequenceException.Limit;

    /// <summary>
    /// The most bytes of records that are gathered or in flight; sends wait while they are over it. One larger record is still
    /// taken alone. Default 33,554,432 (32 MiB).
    /// </summary>
    public long MaximumMemoryBytes { get; init; } = 32 << 20;

    /// <summary>How batches are compressed. Default not at all.</summary>
    public Compression Compression { get; init; } = Compression.None;

    /// <summary>
    /// A stable name, 1 to 128 characters, under which a restarted producer fences the one before it; null for a new producer
    /// each time. Default null.
    /// </summary>
    public string? Name { get; init; }

    /// <summary>
    /// How long a record may take from when it is buffered to its acknowledgement before its send fails. Time in which the log pushes back
    /// does not count, except while the producer is being disposed. Default 2 minutes.
    /// </summary>
    public TimeSpan DeliveryTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The wait before the first retry; each further one waits twice as long, plus or minus a fifth. Default 100 ms.</summary>
    public TimeSpan InitialBackoff { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest wait before a retry. Default 5 seconds.</summary>
    public TimeSpan MaximumBackoff { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How large records and batches may be; the log's own limits should be no smaller. Default <see cref="RecordLimits.Default"/>.</summary>
    public RecordLimits Limits { get; init; } = RecordLimits.Default;

    /// <summary>The source of jitter and of partitions for records without a key. Default <see cref="Random.Shared"/>.</summary>
    public Random Random { get; init; } = Random.Shared;

    /// <summary>The source of time. Default <see cref="TimeProvider.System"/>.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>The settings with a profile's linger and batch bytes.</summary>
    /// <param name="profile">The profile.</param>
    public static ProducerSettings For(PipelineProfile profile) => new() { Linger = profile.Linger, BatchBytes = profile.BatchBytes };

    internal void Validate()
    {
        Require.That(Linger >= TimeSpan.Zero, Owner, nameof(Linger), Linger, "zero or more");
        Require.That(BatchBytes > RecordBatch.HeaderBytes && BatchBytes <= Limits.BatchBytes, Owner, nameof(BatchBytes), BatchBytes, $"{RecordBatch.HeaderBytes + 1} to {Limits.BatchBytes} bytes");
        Require.That(MaximumInFlight is >= 1 and <= DuplicateSequenceException.Limit, Owner, nameof(MaximumInFlight), MaximumInFlight, $"1 to {DuplicateSequenceException.Limit}");
        Require.That(MaximumMemoryBytes > 0, Owner, nameof(MaximumMemoryBytes), MaximumMemoryBytes, "a positive number of bytes");
        Require.That(Name is null or { Length: >= 1 and <= 128 }, Owner, nameof(Name), Name, "1 to 128 characters, or null");
        Require.Positive(Owner, nameof(DeliveryTimeout), DeliveryTimeout);
        Require.Positive(Owner, nameof(InitialBackoff), InitialBackoff);
        Require.That(MaximumBackoff >= InitialBackoff, Owner, nameof(MaximumBackoff), MaximumBackoff, $"{nameof(InitialBackoff)} or more");
    }
}
