namespace Orleans.Pipeline.Gateway.Appending;

/// <summary>Records of one partition, in batches of a usual size, or larger for a record that alone is.</summary>
internal sealed class PartitionBatches(RecordLimits limits, BuilderShelf shelf)
{
    /// <summary>Where a batch ends and the next begins: what a reader gets at once, and what one write to the log holds.</summary>
    private const int UsualBatchBytes = 1 << 20;

    /// <summary>The most bytes that a character of a header's name takes as UTF-8.</summary>
    private const int BytesPerCharacter = 3;

    /// <summary>The most bytes that the lengths of a header's name and value take.</summary>
    private const int HeaderLengthsBytes = 10;

    private readonly List<RecordBatchBuilder> _builders = [];
    private readonly int _batchBytes = Math.Min(UsualBatchBytes, limits.BatchBytes);

    /// <summary>The batches, in order; each has records.</summary>
    public IReadOnlyList<RecordBatchBuilder> Builders => _builders;

    /// <summary>Adds a record to the batch that is filling, or to a new one if it might not fit.</summary>
    /// <param name="key">Its key; a default span for none.</param>
    /// <param name="value">Its value; a default span for none.</param>
    /// <param name="timestamp">Its time, in milliseconds since 1970-01-01T00:00:00Z.</param>
    /// <param name="headers">Its headers.</param>
    /// <param name="limit">The most bytes that it may have; over that it is not added.</param>
    /// <returns>The record's bytes.</returns>
    public int Add(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long timestamp, IReadOnlyList<Header>? headers, int limit)
    {
        var most = RecordBatchBuilder.MaximumRecordBytes(key.Length, value.Length)
            + (headers ?? []).Sum(header => (header.Name.Length * BytesPerCharacter) + (header.Value?.Length ?? 0) + HeaderLengthsBytes);
        var builder = _builders.Count > 0 && _builders[^1].Bytes + most <= _batchBytes ? _builders[^1] : shelf.Take();
        var before = builder.SetMark();
        builder.Append(key, value, timestamp, headers);
        var bytes = builder.Bytes - before.Length;
        if (bytes > limit)
        {
            builder.RollBack(before);
        }

        if (builder.Count == 1 && before.Count == 0)
        {
            _builders.Add(builder);
        }

        return bytes;
    }

    /// <summary>Empties it, once nobody reads its batches any more.</summary>
    public void Clear()
    {
        foreach (var builder in _builders)
        {
            shelf.PutBack(builder);
        }

        _builders.Clear();
    }
}
