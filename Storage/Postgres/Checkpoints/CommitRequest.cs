using Orleans.Pipeline.Storage.Postgres.Connections;

namespace Orleans.Pipeline.Storage.Postgres.Checkpoints;

/// <summary>A commit as it waits to be made.</summary>
internal sealed class CommitRequest(Commit commit) : Request<bool>
{
    public Commit Commit { get; } = commit;

    public int Rows { get; } = commit.Tables.Sum(write => write.Rows.Count);

    public long Bytes { get; } = commit.Appends.Sum(append => (long)append.Batch.Bytes.Length);
}
