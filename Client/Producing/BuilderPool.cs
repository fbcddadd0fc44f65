namespace Orleans.Pipeline.Client.Producing;

/// <summary>Keeps the memory of batches that are done for those that come.</summary>
internal sealed class BuilderPool(int maximum)
{
    private readonly Lock _sync = new();
    private readonly Stack<RecordBatchBuilder> _builders = new();

    public RecordBatchBuilder Rent()
    {
        lock (_sync)
        {
            return _builders.TryPop(out var builder) ? builder : new RecordBatchBuilder();
        }
    }

    public void Return(RecordBatchBuilder builder)
    {
        builder.Reset();
        lock (_sync)
        {
            if (_builders.Count < maximum)
            {
                _builders.Push(builder);
            }
        }
    }
}
