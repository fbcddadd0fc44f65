namespace Orleans.Pipeline;

/// <summary>Commits the effects of tasks.</summary>
public interface ICommitter
{
    /// <summary>
    /// Commits the new offset and all effects, or nothing. A commit whose answer was lost can be repeated: the call then succeeds and
    /// changes nothing.
    /// </summary>
    /// <param name="commit">The new offset and the effects.</param>
    /// <param name="cancellationToken">Stops waiting; the commit may still have happened.</param>
    /// <exception cref="TaskFencedException">The task has a newer owner, or its offset is not where the commit starts.</exception>
    ValueTask CommitAsync(Commit commit, CancellationToken cancellationToken = default);
}
