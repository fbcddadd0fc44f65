namespace Orleans.Pipeline.Storage.Sqlite.Writing;

/// <summary>
/// An immutable value that the writer thread replaces in a transaction. Other threads see the new value after the commit.
/// </summary>
/// <param name="value">The committed value.</param>
/// <param name="published">Called after the commit of a new value.</param>
internal sealed class Versioned<T>(T value, Action? published = null) : IParticipant
    where T : class
{
    private volatile T _committed = value;
    private T _pending = value;
    private bool _changed;

    public T Committed => _committed;

    /// <summary>Gets the value in the running transaction, for the writer thread.</summary>
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
