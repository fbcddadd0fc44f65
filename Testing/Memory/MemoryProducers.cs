namespace Orleans.Pipeline.Testing.Memory;

/// <summary>The ids of producers, and the newest epoch of each.</summary>
internal sealed class MemoryProducers
{
    private readonly Dictionary<string, long> _ids = new(StringComparer.Ordinal);
    private readonly Dictionary<long, (short Epoch, DateTimeOffset OpenedAt)> _opened = [];
    private long _lastId;

    /// <summary>Assigns an identity: a new id, or the id of the name under its next epoch.</summary>
    public ProducerIdentity Open(string? name, DateTimeOffset now)
    {
        if (name is null || !_ids.TryGetValue(name, out var id))
        {
            return Create(name, now);
        }

        var epoch = (short)(_opened[id].Epoch + 1);
        _opened[id] = (epoch, now);

        // No producer gets the highest epoch: it only fences the one before it.
        return epoch < short.MaxValue ? new(id, epoch) : Create(name, now);
    }

    /// <summary>Gets the newest epoch of an id; -1 if this store did not assign the id.</summary>
    public short GetNewestEpoch(long id) => _opened.TryGetValue(id, out var opened) ? opened.Epoch : (short)-1;

    /// <summary>Returns whether an id was opened since a time, or has a name, under which it holds its epoch for any time.</summary>
    public bool IsKept(long id, DateTimeOffset since) =>
        _opened.TryGetValue(id, out var opened) && (opened.OpenedAt >= since || _ids.ContainsValue(id));

    /// <summary>Forgets ids without a name that were not opened since a time, unless a partition remembers them.</summary>
    public void Forget(DateTimeOffset since, Func<long, bool> isRemembered)
    {
        foreach (var id in _opened.Keys.Where(id => !IsKept(id, since) && !isRemembered(id)).ToList())
        {
            _opened.Remove(id);
        }
    }

    private ProducerIdentity Create(string? name, DateTimeOffset now)
    {
        var id = ++_lastId;
        _opened[id] = (0, now);
        if (name is not null)
        {
            _ids[name] = id;
        }

        return new(id, 0);
    }
}
