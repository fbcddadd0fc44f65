using Orleans.Pipeline.Storage.Sqlite;

namespace Orleans.Pipeline.Embedded;

/// <summary>How pipelines run in one process.</summary>
public sealed record EmbeddedSettings
{
    /// <summary>The database: one SQLite file that holds topics, checkpoints and sink tables.</summary>
    public required SqliteStoreSettings Store { get; init; }

    /// <summary>
    /// The most bytes that all tasks together hold that are read but not committed; each task gets an equal share, at most what its
    /// profile says. Default 256 MiB.
    /// </summary>
    public long ReadAheadBytes { get; init; } = 256L << 20;

    /// <summary>Threads that run steps. Default the number of cores.</summary>
    public int Workers { get; init; } = Environment.ProcessorCount;

    /// <summary>How often retention is applied. Default every minute.</summary>
    public TimeSpan RetentionInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a stop waits for what is in flight to commit before abandoning it. Default 20 s.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>What the process is called where operators look. Default the machine's name.</summary>
    public string Name { get; init; } = Environment.MachineName;

    /// <summary>The settings for a database, with every other default.</summary>
    /// <param name="path">The file; it is created if it does not exist.</param>
    public static EmbeddedSettings For(string path) => new() { Store = new SqliteStoreSettings { Path = path } };

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(ReadAheadBytes, 1 << 20, nameof(ReadAheadBytes));
        ArgumentOutOfRangeException.ThrowIfLessThan(Workers, 1, nameof(Workers));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(RetentionInterval, TimeSpan.Zero, nameof(RetentionInterval));
        ArgumentOutOfRangeException.ThrowIfLessThan(StopTimeout, TimeSpan.Zero, nameof(StopTimeout));
    }
}
