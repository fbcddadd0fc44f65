namespace Orleans.Pipeline.Client;

/// <summary>Settings of a producer: batches, retries and memory.</summary>
public sealed record ProducerSettings
{
    private const string Owner = "producer";

    /// <summary>The time that a batch waits for more records. Default 5 ms; zero sends at once.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>The uncompressed size at which a batch is sent before its linger ends. Default 262,144 (256 kB).</summary>
    public int BatchBytes { get; init; } = 256 << 10;

    /// <summary>
    /// The maximum number of unacknowledged batches per partition, 1 to 5. The log remembers the last five batches of each producer to
    /// recognize repeats. Default 5.
    /// </summary>
    public int MaximumInFlight { get; init; } = DuplicateSequenceException.Limit;

    /// <summary>
    /// The maximum bytes of records that are gathered or in flight; further sends wait. One larger record is still accepted alone. Default
    /// 33,554,432 (32 MiB).
    /// </summary>
    public long MaximumMemoryBytes { get; init; } = 32 << 20;

    /// <summary>The compression of batches. Default none.</summary>
    public Compression Compression { get; init; } = Compression.None;

    /// <summary>
    /// A stable name, 1 to 128 characters. A restarted producer fences the one before it with the same name. Null creates a new identity
    /// each time. Default null.
    /// </summary>
    public string? Name { get; init; }

    /// <summary>
    /// The maximum time from buffering a record to its acknowledgement; then its send fails. Time in which the log pushes back does not
    /// count, except while the producer is being disposed. Default 2 minutes.
    /// </summary>
    public TimeSpan DeliveryTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The delay before the first retry. Each further delay doubles, and varies by up to a fifth. Default 100 ms.</summary>
    public TimeSpan InitialBackoff { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The maximum delay before a retry, unless the gateway asks for a longer one. Default 5 seconds.</summary>
    public TimeSpan MaximumBackoff { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The maximum size of records and batches. The log's own limits should not be smaller. Default <see cref="RecordLimits.Default"/>.
    /// </summary>
    public RecordLimits Limits { get; init; } = RecordLimits.Default;

    /// <summary>The source of jitter and of partitions for records without a key. Default <see cref="Random.Shared"/>.</summary>
    public Random Random { get; init; } = Random.Shared;

    /// <summary>The source of time. Default <see cref="TimeProvider.System"/>.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Returns settings with the linger and batch size of a profile.</summary>
    /// <param name="profile">The profile.</param>
    public static ProducerSettings For(PipelineProfile profile) => new() { Linger = profile.Linger, BatchBytes = profile.BatchBytes };

    internal void Validate()
    {
        Require.That(Linger >= TimeSpan.Zero, Owner, nameof(Linger), Linger, "zero or more");
        Require.That(
            BatchBytes > RecordBatch.HeaderBytes && BatchBytes <= Limits.BatchBytes,
            Owner,
            nameof(BatchBytes),
            BatchBytes,
            $"{RecordBatch.HeaderBytes + 1} to {Limits.BatchBytes} bytes");
        Require.That(
            MaximumInFlight is >= 1 and <= DuplicateSequenceException.Limit,
            Owner,
            nameof(MaximumInFlight),
            MaximumInFlight,
            $"1 to {DuplicateSequenceException.Limit}");
        Require.That(MaximumMemoryBytes > 0, Owner, nameof(MaximumMemoryBytes), MaximumMemoryBytes, "a positive number of bytes");
        Require.That(Name is null or { Length: >= 1 and <= 128 }, Owner, nameof(Name), Name, "1 to 128 characters, or null");
        Require.Positive(Owner, nameof(DeliveryTimeout), DeliveryTimeout);
        Require.Positive(Owner, nameof(InitialBackoff), InitialBackoff);
        Require.That(MaximumBackoff >= InitialBackoff, Owner, nameof(MaximumBackoff), MaximumBackoff, $"{nameof(InitialBackoff)} or more");
    }
}
