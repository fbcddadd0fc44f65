using System.Diagnostics.CodeAnalysis;

namespace Orleans.Pipeline.Storage.Sqlite.Writing;

/// <summary>
/// Keeps the recently used entries in two halves. A used entry moves to the younger half; when that is full, the older half is dropped.
/// For one thread.
/// </summary>
internal sealed class BoundedCache<TKey, TValue>(int capacity)
    where TKey : notnull
{
    private readonly int _half = Math.Max(capacity / 2, 1);
    private Dictionary<TKey, TValue> _young = [];
    private Dictionary<TKey, TValue> _old = [];

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        if (_young.TryGetValue(key, out value))
        {
            return true;
        }

        if (!_old.Remove(key, out value))
        {
            return false;
        }

        Set(key, value);
        return true;
    }

    public void Set(TKey key, TValue value)
    {
        if (_young.Count >= _half)
        {
            (_old, _young) = (_young, _old);
            _young.Clear();
        }

        _old.Remove(key);
        _young[key] = value;
    }

    public void Clear()
    {
        _young.Clear();
        _old.Clear();
    }
}
