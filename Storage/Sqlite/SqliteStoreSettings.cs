namespace Orleans.Pipeline.Storage.Sqlite;

/// <summary>Where a SQLite store lies and how it uses memory and disk.</summary>
public sealed record SqliteStoreSettings
{
    /// <summary>
    /// The database file. It is created if it is not there; its directory must be. Beside it lie, while the store is open,
    /// <c>-wal</c> and <c>-shm</c> files of SQLite's and a <c>.lock</c> file that keeps other processes out.
    /// </summary>
    public required string Path { get; init; }

    /// <summary>
    /// Bytes of a database page, a power of two from 4,096 to 65,536; a file that exists keeps the size it was created with.
    /// Default 32 KiB: large pages write large batches fastest.
    /// </summary>
    public int PageBytes { get; init; } = 32 << 10;

    /// <summary>
    /// Bytes of requests that the writer thread gathers into one transaction; a larger request is written alone. More makes
    /// fewer, longer fsyncs. Default 8 MiB.
    /// </summary>
    public long GroupBytes { get; init; } = 8 << 20;

    /// <summary>Requests that the writer thread gathers into one transaction. Default 4,096.</summary>
    public int GroupRequests { get; init; } = 4096;

    /// <summary>
    /// Bytes of requests waiting to be written, those being written included; beyond that, callers wait. Default 64 MiB.
    /// </summary>
    public long QueueBytes { get; init; } = 64 << 20;

    /// <summary>Connections that read at the same time; more readers wait for one. Default 4.</summary>
    public int Readers { get; init; } = 4;

    /// <summary>Bytes of pages that the writing connection keeps in memory. Default 64 MiB.</summary>
    public long CacheBytes { get; init; } = 64 << 20;

    /// <summary>
    /// How long a write waits for another program, such as a <c>sqlite3</c> shell, to end its write transaction before it is
    /// refused as unavailable. Default 5 seconds.
    /// </summary>
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Bytes in the write-ahead log from which on a thread copies them into the database file, beside the writing. Default 64 MiB.
    /// </summary>
    public long CheckpointBytes { get; init; } = 64 << 20;

    /// <summary>
    /// Bytes of the write-ahead log at which writing stops until all of it was copied into the database file; a reader that holds an
    /// old snapshot, such as a shell in a transaction, can still make it grow. More lets bursts pass without a stop. Default 128 MiB.
    /// </summary>
    public long WalBytes { get; init; } = 128 << 20;

    /// <summary>
    /// How many producers' sequences, per partition, are kept in memory; those of others are read back when they append again.
    /// Default 65,536.
    /// </summary>
    public int CachedProducers { get; init; } = 65_536;

    /// <summary>
    /// How long a producer may stay away before its sequences are forgotten, when retention is applied. A batch that it sends
    /// after that is refused as a gap unless its sequence is 0. Default 7 days.
    /// </summary>
    public TimeSpan ProducerExpiry { get; init; } = TimeSpan.FromDays(7);

    /// <summary>The most pages the file may have; null for SQLite's own limit. It stands in for a full disk in tests.</summary>
    internal long? MaximumPages { get; init; }

    /// <summary>Checks every setting.</summary>
    /// <exception cref="ArgumentException">A setting is out of range; the message names it.</exception>
    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(Path);
        if (PageBytes is < 4096 or > 65_536 || !System.Numerics.BitOperations.IsPow2(PageBytes))
        {
            throw new ArgumentException($"Page bytes is {PageBytes}; give a power of two from 4096 to 65536.");
        }

        RequirePositive(GroupBytes, "Group bytes");
        RequirePositive(GroupRequests, "Group requests");
        RequirePositive(QueueBytes, "Queue bytes");
        RequirePositive(Readers, "Readers");
        RequirePositive(CacheBytes, "Cache bytes");
        RequirePositive(CheckpointBytes, "Checkpoint bytes");
        RequirePositive(WalBytes, "WAL bytes");
        RequirePositive(CachedProducers, "Cached producers");
        RequirePositive(ProducerExpiry.Ticks, "Producer expiry");
        if (BusyTimeout < TimeSpan.Zero || BusyTimeout.TotalMilliseconds > int.MaxValue)
        {
            throw new ArgumentException($"Busy timeout is {BusyTimeout}; give 0 to 24 days.");
        }
    }

    private static void RequirePositive(long value, string name)
    {
        if (value <= 0)
        {
            throw new ArgumentException($"{name} is {value}; give a positive number.");
        }
    }
}
