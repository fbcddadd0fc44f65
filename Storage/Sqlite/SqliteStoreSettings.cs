using Microsoft.Win32.SafeHandles;

namespace Orleans.Pipeline.Storage.Sqlite;

/// <summary>The place of a SQLite store, and how the store uses memory and disk.</summary>
public sealed record SqliteStoreSettings
{
    /// <summary>
    /// Gets the path of the database file. The store creates the file if it does not exist; its directory must exist. Beside the file is
    /// the folder <c>&lt;path&gt;-log</c> with the large batches of the log: the two belong together. While the store is open, SQLite's
    /// <c>-wal</c> and <c>-shm</c> files and a <c>.lock</c> file, which keeps other processes out, are beside them.
    /// </summary>
    public required string Path { get; init; }

    /// <summary>
    /// Gets the bytes of a database page, a power of two from 4,096 to 65,536. An existing file keeps the size it was created with.
    /// Default 32 KiB: large pages write the batches that stay in the database fastest.
    /// </summary>
    public int PageBytes { get; init; } = 32 << 10;

    /// <summary>
    /// Gets the bytes of requests in one transaction at most; a larger request is written alone. A higher value makes fewer, longer
    /// fsyncs. Default 8 MiB.
    /// </summary>
    public long GroupBytes { get; init; } = 8 << 20;

    /// <summary>Gets the number of requests in one transaction at most. Default 4,096.</summary>
    public int GroupRequests { get; init; } = 4096;

    /// <summary>
    /// Gets the bytes of requests that wait or are being written at most. Callers wait while there are more. Default 64 MiB.
    /// </summary>
    public long QueueBytes { get; init; } = 64 << 20;

    /// <summary>Gets the number of connections that read at the same time; more readers wait. Default 4.</summary>
    public int Readers { get; init; } = 4;

    /// <summary>Gets the bytes of pages that the writing connection keeps in memory. Default 64 MiB.</summary>
    public long CacheBytes { get; init; } = 64 << 20;

    /// <summary>
    /// Gets the time that a write waits for the write transaction of another program, such as a <c>sqlite3</c> shell, before the store
    /// counts as unavailable. Default 5 seconds.
    /// </summary>
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Gets the bytes in the write-ahead log at which a thread starts copying them into the database file, while writing continues.
    /// Default 64 MiB.
    /// </summary>
    public long CheckpointBytes { get; init; } = 64 << 20;

    /// <summary>
    /// Gets the bytes of the write-ahead log at which writing stops until the log is copied into the database file. A reader that holds an
    /// old snapshot, such as a shell in a transaction, can make the log larger. A higher value lets bursts pass without a stop. Default
    /// 128 MiB.
    /// </summary>
    public long WalBytes { get; init; } = 128 << 20;

    /// <summary>
    /// Gets the number of producers, per partition, whose sequences stay in memory. The sequences of other producers are read from the
    /// file when they append again. Default 65,536.
    /// </summary>
    public int CachedProducers { get; init; } = 65_536;

    /// <summary>
    /// Gets the time after which retention forgets the sequences of an idle producer that has no name. A batch that the producer sends
    /// after that is refused as a gap unless its sequence is 0. A producer with a name is never forgotten: it holds its epoch until the
    /// name is opened again. Default 7 days.
    /// </summary>
    public TimeSpan ProducerExpiry { get; init; } = TimeSpan.FromDays(7);

    /// <summary>
    /// Gets how far ahead of the clock a producer may date a record. Records dated further ahead are appended too, but counted in
    /// <c>pipeline.topic.append.ahead</c>, and the first one of each topic is logged. Default one minute.
    /// </summary>
    public TimeSpan MaximumAhead { get; init; } = RecordTime.MaximumAhead;

    /// <summary>Gets the number of pages in the file at most; null for SQLite's own limit. Tests use it as a full disk.</summary>
    internal long? MaximumPages { get; init; }

    /// <summary>
    /// Gets the bytes of batches from which on a transaction writes them into a segment. That costs a second sync; the database costs a
    /// second write of each byte. Measured with one batch at a time: the database is 1.8 times as fast at 128 KiB, and as fast at 256 KiB
    /// with 1.3 times the processor time. Default 192 KiB, less than a full batch of the profile Balanced.
    /// </summary>
    internal long SegmentGroupBytes { get; init; } = 192 << 10;

    /// <summary>Gets the bytes of a batch below which it stays in the database in any case: its row is about as large.</summary>
    internal int SegmentBatchBytes { get; init; } = 1 << 10;

    /// <summary>Gets the bytes at which a segment is full.</summary>
    internal long SegmentBytes { get; init; } = 128 << 20;

    /// <summary>Gets what makes the written bytes of a segment durable. Tests look at the disk before it.</summary>
    internal Action<SafeFileHandle> SyncSegment { get; init; } = RandomAccess.FlushToDisk;

    /// <exception cref="ArgumentException">A setting is out of range; the message names it.</exception>
    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(Path);
        if (PageBytes is < 4096 or > 65_536 || !System.Numerics.BitOperations.IsPow2(PageBytes))
        {
            throw new ArgumentException($"Page bytes is {PageBytes}; give a power of two from 4096 to 65536.");
        }

        Require.Positive(GroupBytes, "Group bytes");
        Require.Positive(GroupRequests, "Group requests");
        Require.Positive(QueueBytes, "Queue bytes");
        Require.Positive(Readers, "Readers");
        Require.Positive(CacheBytes, "Cache bytes");
        Require.Positive(CheckpointBytes, "Checkpoint bytes");
        Require.Positive(WalBytes, "WAL bytes");
        Require.Positive(CachedProducers, "Cached producers");
        Require.Positive(ProducerExpiry.Ticks, "Producer expiry");
        Require.Positive(MaximumAhead.Ticks, "Maximum ahead");
        if (BusyTimeout < TimeSpan.Zero || BusyTimeout.TotalMilliseconds > int.MaxValue)
        {
            throw new ArgumentException($"Busy timeout is {BusyTimeout}; give 0 to 24 days.");
        }
    }
}
