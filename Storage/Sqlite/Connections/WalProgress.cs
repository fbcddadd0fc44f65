namespace Orleans.Pipeline.Storage.Sqlite;

/// <summary>How far copying the write-ahead log into the database file has come.</summary>
/// <param name="Frames">Pages in the log.</param>
/// <param name="Copied">How many of them, from its start, are in the database file.</param>
/// <param name="IsComplete">Whether all are, so that the log starts over.</param>
internal sealed record WalProgress(long Frames, long Copied, bool IsComplete)
{
    public static WalProgress None { get; } = new(0, 0, IsComplete: true);
}
