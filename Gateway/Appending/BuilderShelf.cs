namespace Orleans.Pipeline.Gateway.Appending;

/// <summary>Keeps the memory of batches that were appended for those that come. For one thread at a time.</summary>
internal sealed class BuilderShelf(long maximumBytes)
{
    private readonly Stack<RecordBatchBuilder> _builders = [];
    private long _bytes;

    public RecordBatchBuilder Take()
    {
        if (!_builders.TryPop(out var builder))
        {
            return new RecordBatchBuilder();
        }

        _bytes -= builder.Capacity;
        return builder;
    }

    public void PutBack(RecordBatchBuilder builder)
    {
        if (_bytes + builder.Capacity <= maximumBytes)
        {
            builder.Reset();
            _builders.Push(builder);
            _bytes += builder.Capacity;
        }
    }
}
