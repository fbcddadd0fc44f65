using Orleans.Pipeline.Records;

namespace Orleans.Pipeline.Gateway.Appending;

/// <summary>Records of one partition, in batches within the limits.</summary>
internal sealed class PartitionBatches(RecordLimits limits)
{
    /// <summary>The most bytes that a character of a header's name takes as UTF-8.</summary>
    private const int BytesPerCharacter = 3;

    /// <summary>The most bytes that the lengths of a header's name and value take.</summary>
    private const int HeaderLengthsBytes = 10;

    private readonly List<RecordBatch> _full = [];
    private readonly RecordBatchBuilder _filling = new();

    /// <summary>Adds a record to the batch that is filling, or to a new one if it might not fit.</summary>
    /// <returns>The record's bytes.</returns>
    public int Add(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long timestamp, IReadOnlyList<Header>? headers)
    {
        var most = RecordBatchBuilder.MaximumRecordBytes(key.Length, value.Length)
            + (headers ?? []).Sum(header => (header.Name.Length * BytesPerCharacter) + (header.Value?.Length ?? 0) + HeaderLengthsBytes);
        if (_filling.Count > 0 && _filling.Bytes + most > limits.BatchBytes)
        {
            _full.Add(_filling.Build());
        }

        var before = _filling.Bytes;
        _filling.Append(key, value, timestamp, headers);
        return _filling.Bytes - before;
    }

    /// <summary>Finishes the batches, in order.</summary>
    public IReadOnlyList<RecordBatch> Build()
    {
        if (_filling.Count > 0)
        {
            _full.Add(_filling.Build());
        }

        return _full;
    }
}
