namespace Orleans.Pipeline.Grains.Checkpoints;

/// <summary>The state of a partition grain. Reading it takes the task over; writing it makes the pending commit.</summary>
internal sealed class TaskState
{
    /// <summary>Where the task stands under this activation's epoch.</summary>
    public Checkpoint Checkpoint { get; set; } = null!;

    /// <summary>What the next write commits together with the new offset.</summary>
    public Commit? Pending { get; set; }
}
