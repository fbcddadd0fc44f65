namespace Orleans.Pipeline;

/// <summary>Makes the commits of tasks.</summary>
public interface ICommitter
{
    /// <summary>
    /// Commits all of it or nothing. Repeating a commit that was made before (its answer was lost) succeeds and changes nothing.
    /// </summary>
    /// <param name="commit">The new offset and the effects.</param>
    /// <param name="cancellationToken">Stops waiting; the commit may still have happened.</param>
    /// <exception cref="TaskFencedException">The task has a newer owner, or its offset is not where the commit starts.</exception>
    ValueTask CommitAsync(Commit commit, CancellationToken cancellationToken = default);
}
