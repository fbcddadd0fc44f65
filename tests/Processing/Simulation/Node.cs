namespace Orleans.Pipeline.Processing.Tests.Simulation;

/// <summary>A process that owns a task for a while.</summary>
internal sealed class Node
{
    public bool IsDead { get; set; }

    /// <summary>How many chunks its workers are at.</summary>
    public int Working { get; set; }
}
