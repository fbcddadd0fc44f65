namespace Orleans.Pipeline.Client;

/// <summary>Settings of a consumer: what it reads, how far it reads ahead, and how it retries.</summary>
public sealed record ConsumerSettings
{
    private const string Owner = "consumer";

    /// <summary>Where to begin. Default <see cref="ConsumeFrom.Start"/>.</summary>
    public ConsumeFrom From { get; init; } = ConsumeFrom.Start;

    /// <summary>Which partitions to read; null for all. Default null.</summary>
    public IReadOnlyList<int>? Partitions { get; init; }

    /// <summary>
    /// Whether to stop at the end that each partition has when reading begins, as a periodic job does. Default false: wait for more
    /// records.
    /// </summary>
    public bool StopAtEnd { get; init; }

    /// <summary>
    /// The maximum bytes of batches that are read ahead, in addition to the one being returned. One larger batch is still read alone.
    /// Default 16,777,216 (16 MiB).
    /// </summary>
    public long PrefetchBytes { get; init; } = 16 << 20;

    /// <summary>
    /// The bytes to request at once, over all partitions. A gateway returns at most 4 MiB, unless its own setting differs. Default
    /// 1,048,576 (1 MiB).
    /// </summary>
    public int ReadBytes { get; init; } = 1 << 20;

    /// <summary>The time that one request waits at the end of the partitions for an append. Default 20 seconds.</summary>
    public TimeSpan Wait { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>What to do when retention has removed unread records. Default <see cref="WhenOvertaken.Fail"/>.</summary>
    public WhenOvertaken WhenOvertaken { get; init; }

    /// <summary>The delay before the first retry. Each further delay doubles, and varies by up to a fifth. Default 100 ms.</summary>
    public TimeSpan InitialBackoff { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The maximum delay before a retry, unless the gateway asks for a longer one. Default 5 seconds.</summary>
    public TimeSpan MaximumBackoff { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The maximum time that the log may be unavailable before reading fails with a <see cref="StoreUnavailableException"/>.
    /// <see cref="Timeout.InfiniteTimeSpan"/> never fails. Default never.
    /// </summary>
    public TimeSpan RetryTimeout { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>The source of jitter. Default <see cref="Random.Shared"/>.</summary>
    public Random Random { get; init; } = Random.Shared;

    /// <summary>The source of time. Default <see cref="TimeProvider.System"/>.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    internal void Validate()
    {
        Require.That(Partitions is null or { Count: > 0 }, Owner, nameof(Partitions), Partitions?.Count, "one or more, or null for all");
        Require.That(
            Partitions is null || Partitions.All(static partition => partition >= 0),
            Owner,
            nameof(Partitions),
            Partitions?.Min(),
            "numbers from 0");
        Require.That(
            Partitions is null || Partitions.Distinct().Count() == Partitions.Count,
            Owner,
            nameof(Partitions),
            Partitions?.Count,
            "each partition once");
        Require.That(PrefetchBytes > 0, Owner, nameof(PrefetchBytes), PrefetchBytes, "a positive number of bytes");
        Require.That(ReadBytes > 0, Owner, nameof(ReadBytes), ReadBytes, "a positive number of bytes");
        Require.That(Wait > TimeSpan.Zero || Wait == Timeout.InfiniteTimeSpan, Owner, nameof(Wait), Wait, "a positive time");
        Require.That(Enum.IsDefined(WhenOvertaken), Owner, nameof(WhenOvertaken), WhenOvertaken, "a defined value");
        Require.Positive(Owner, nameof(InitialBackoff), InitialBackoff);
        Require.That(MaximumBackoff >= InitialBackoff, Owner, nameof(MaximumBackoff), MaximumBackoff, $"{nameof(InitialBackoff)} or more");
        Require.That(
            RetryTimeout > TimeSpan.Zero || RetryTimeout == Timeout.InfiniteTimeSpan,
            Owner,
            nameof(RetryTimeout),
            RetryTimeout,
            "a positive time");
    }
}
