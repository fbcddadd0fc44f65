using Orleans.Pipeline.Storage.Sqlite;

namespace Orleans.Pipeline.Embedded;

/// <summary>The settings of pipelines that run in one process.</summary>
public sealed record EmbeddedSettings
{
    /// <summary>
    /// Gets the database's settings. One SQLite database, a file and its log folder, holds topics, checkpoints and sink tables.
    /// </summary>
    public required SqliteStoreSettings Store { get; init; }

    /// <summary>
    /// Gets the maximum bytes, over all tasks, that are read but not committed. Each task gets an equal share, up to the limit of its
    /// profile. Default 256 MiB.
    /// </summary>
    public long ReadAheadBytes { get; init; } = 256L << 20;

    /// <summary>Gets the number of threads that run steps. Default the number of cores.</summary>
    public int Workers { get; init; } = Environment.ProcessorCount;

    /// <summary>Gets the interval at which retention is applied. Default one minute.</summary>
    public TimeSpan RetentionInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Gets the time after which the checkpoints of a stage that no host defines any more are let go of, so that retention no longer waits
    /// for them. A paused pipeline keeps its checkpoints. Default a day.
    /// </summary>
    public TimeSpan ForgetAfter { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Gets the maximum time that a stop waits for records in flight to commit; then it abandons them. Default 20 s.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Gets the name under which operators see the process. Default the machine's name.</summary>
    public string Name { get; init; } = Environment.MachineName;

    /// <summary>Returns the settings for a database, with defaults for the rest.</summary>
    /// <param name="path">The file; it is created if it does not exist.</param>
    public static EmbeddedSettings For(string path) => new() { Store = new SqliteStoreSettings { Path = path } };

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(ReadAheadBytes, 1 << 20, nameof(ReadAheadBytes));
        ArgumentOutOfRangeException.ThrowIfLessThan(Workers, 1, nameof(Workers));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(RetentionInterval, TimeSpan.Zero, nameof(RetentionInterval));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(ForgetAfter, TimeSpan.Zero, nameof(ForgetAfter));
        ArgumentOutOfRangeException.ThrowIfLessThan(StopTimeout, TimeSpan.Zero, nameof(StopTimeout));
    }
}
