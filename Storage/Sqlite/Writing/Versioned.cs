namespace Orleans.Pipeline.Storage.Sqlite.Writing;

/// <summary>
/// An immutable value that the writer thread replaces within a transaction and everybody else sees replaced after its commit.
/// </summary>
/// <param name="value">The value as committed.</param>
/// <param name="published">Called after a new value was committed.</param>
internal sealed class Versioned<T>(T value, Action? published = null) : IParticipant
    where T : class
{
    private volatile T _committed = value;
    private T _pending = value;
    private bool _changed;

    /// <summary>As the last committed transaction left it.</summary>
    public T Committed => _committed;

    /// <summary>As the running transaction has it; for the writer thread alone.</summary>
    public T Pending => _pending;

    public void Set(T value, WriteTransaction transaction)
    {
        _pending = value;
        if (!_changed)
        {
            _changed = true;
            transaction.Enlist(this);
        }
    }

    public void Publish()
    {
        _changed = false;
        _committed = _pending;
        published?.Invoke();
    }

    public void Revert()
    {
        _changed = false;
        _pending = _committed;
    }
}
