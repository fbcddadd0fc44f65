using Orleans.Pipeline.Settings;

namespace Orleans.Pipeline.Client;

/// <summary>What a consumer reads, from where, how far ahead, and what it does when something fails.</summary>
public sealed record ConsumerSettings
{
    private const string Owner = "consumer";

    /// <summary>Where to begin. Default <see cref="ConsumeFrom.Start"/>.</summary>
    public ConsumeFrom From { get; init; } = ConsumeFrom.Start;

    /// <summary>Which partitions to read; null for all. Default null.</summary>
    public IReadOnlyList<int>? Partitions { get; init; }

    /// <summary>
    /// Whether to end where each partition ends when the reading begins, as a job does that comes by now and then. Default false: wait
    /// for more.
    /// </summary>
    public bool StopAtEnd { get; init; }

    /// <summary>
    /// The most bytes of batches that are read ahead, as they are in the log, beside the one being handed out. One larger batch
    /// still gets through alone. Default 16,777,216 (16 MiB).
    /// </summary>
    public long PrefetchBytes { get; init; } = 16 << 20;

    /// <summary>The bytes to ask for at once, over all partitions. Default 1,048,576 (1 MiB); a gateway gives 4 MiB at the most, unless set.</summary>
    public int ReadBytes { get; init; } = 1 << 20;

    /// <summary>How long one request waits at the end for an append, which answers it at once. Default 20 seconds.</summary>
    public TimeSpan Wait { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>What to do when retention has removed records before they were read. Default <see cref="WhenOvertaken.Fail"/>.</summary>
    public WhenOvertaken WhenOvertaken { get; init; }

    /// <summary>The wait before the first retry; each further one waits twice as long, plus or minus a fifth. Default 100 ms.</summary>
    public TimeSpan InitialBackoff { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest wait before a retry. Default 5 seconds.</summary>
    public TimeSpan MaximumBackoff { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long the log may stay away before reading fails with a <see cref="StoreUnavailableException"/>;
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
        Require.That(Partitions is null || Partitions.All(static partition => partition >= 0), Owner, nameof(Partitions), Partitions?.Min(), "numbers from 0");
        Require.That(Partitions is null || Partitions.Distinct().Count() == Partitions.Count, Owner, nameof(Partitions), Partitions?.Count, "each partition once");
        Require.That(PrefetchBytes > 0, Owner, nameof(PrefetchBytes), PrefetchBytes, "a positive number of bytes");
        Require.That(ReadBytes > 0, Owner, nameof(ReadBytes), ReadBytes, "a positive number of bytes");
        Require.That(Wait > TimeSpan.Zero || Wait == Timeout.InfiniteTimeSpan, Owner, nameof(Wait), Wait, "a positive time");
        Require.That(Enum.IsDefined(WhenOvertaken), Owner, nameof(WhenOvertaken), WhenOvertaken, "one that is defined");
        Require.Positive(Owner, nameof(InitialBackoff), InitialBackoff);
        Require.That(MaximumBackoff >= InitialBackoff, Owner, nameof(MaximumBackoff), MaximumBackoff, $"{nameof(InitialBackoff)} or more");
        Require.That(RetryTimeout > TimeSpan.Zero || RetryTimeout == Timeout.InfiniteTimeSpan, Owner, nameof(RetryTimeout), RetryTimeout, "a positive time");
    }
}

/// <summary>What a consumer does when retention has removed records before it read them.</summary>
public enum WhenOvertaken
{
    /// <summary>Reading fails with a <see cref="RecordsLostException"/>, after what was read before is handed out.</summary>
    Fail,

    /// <summary>It goes on with the first record still kept, and <see cref="Consumer.Lost"/> says how many are missing.</summary>
    GoOn,
}
