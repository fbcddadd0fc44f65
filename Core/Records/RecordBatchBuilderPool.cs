namespace Orleans.Pipeline.Records;

/// <summary>Keeps unused builders with their memory for the next batches. Safe for several threads.</summary>
/// <param name="maximumCount">The most builders to keep.</param>
/// <param name="maximumBytes">The most bytes of memory of all kept builders together.</param>
internal sealed class RecordBatchBuilderPool(int maximumCount = int.MaxValue, long maximumBytes = long.MaxValue)
{
    private readonly Lock _lock = new();
    private readonly Stack<RecordBatchBuilder> _builders = [];
    private long _bytes;

    public RecordBatchBuilder Rent()
    {
        lock (_lock)
        {
            if (_builders.TryPop(out var builder))
            {
                _bytes -= builder.Capacity;
                return builder;
            }
        }

        return new RecordBatchBuilder();
    }

    /// <summary>Resets and keeps a builder, or drops it if the pool is full.</summary>
    public void Return(RecordBatchBuilder builder)
    {
        builder.Reset();
        lock (_lock)
        {
            if (_builders.Count < maximumCount && _bytes + builder.Capacity <= maximumBytes)
            {
                _builders.Push(builder);
                _bytes += builder.Capacity;
            }
        }
    }
}
