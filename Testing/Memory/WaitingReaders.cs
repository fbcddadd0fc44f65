namespace Orleans.Pipeline.Testing.Memory;

/// <summary>The signals of readers that a transaction wakes. They are set after its lock, so that no reader runs under it.</summary>
internal sealed class WaitingReaders
{
    private List<TaskCompletionSource> _woken = [];

    public void Wake(TaskCompletionSource reader) => _woken.Add(reader);

    /// <summary>Returns the readers to wake, and forgets them.</summary>
    public List<TaskCompletionSource> Take()
    {
        if (_woken.Count == 0)
        {
            return [];
        }

        var woken = _woken;
        _woken = [];
        return woken;
    }
}
