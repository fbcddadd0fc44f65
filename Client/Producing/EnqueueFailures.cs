namespace Orleans.Pipeline.Client.Producing;

/// <summary>Keeps the failures of enqueued records until a flush reports them. No caller waits for these records.</summary>
internal sealed class EnqueueFailures(TopicName topic)
{
    private readonly Lock _sync = new();
    private long _records;
    private Exception? _first;

    public void Keep(int records, Exception failure)
    {
        lock (_sync)
        {
            _records += records;
            _first ??= failure;
        }
    }

    /// <exception cref="FlushException">Failures were kept.</exception>
    public void ThrowIfAny()
    {
        lock (_sync)
        {
            if (_first is { } first)
            {
                var records = _records;
                (_records, _first) = (0, null);
                throw new FlushException(topic, records, first);
            }
        }
    }
}
