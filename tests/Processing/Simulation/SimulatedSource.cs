using System.Text;

namespace Orleans.Pipeline.Processing.Tests.Simulation;

/// <summary>
/// One partition of the source: random records, a range that retention has removed, and different batches for every read.
/// </summary>
internal sealed class SimulatedSource
{
    private readonly Random _random;
    private readonly SourceRecord[] _records;
    private readonly long _removedFrom;
    private readonly long _removedTo;

    public SimulatedSource(TopicPartition partition, Random random)
    {
        _random = random;
        Partition = partition;
        _records = [.. Enumerable.Range(0, random.Next(1, 50)).Select(_ => NewRecord(random))];
        if (random.Next(4) == 0)
        {
            _removedFrom = random.Next(_records.Length);
            _removedTo = random.NextInt64(_removedFrom, _records.Length + 1);
        }
    }

    public TopicPartition Partition { get; }

    public long End => _records.Length;

    public SourceRecord this[long offset] => _records[offset];

    public bool Holds(long offset) => offset < _removedFrom || offset >= _removedTo;

    /// <summary>The first offset at or after one that is still kept.</summary>
    public long NextKept(long offset) => Holds(offset) ? offset : _removedTo;

    /// <summary>A batch such as a reader may come with that should read from an offset that is kept: mostly the right one.</summary>
    public RecordBatch Read(long offset)
    {
        var from = _random.Next(10) switch
        {
            0 => _random.NextInt64(0, offset + 1),
            1 => Math.Min(offset + _random.Next(1, 10), End - 1),
            _ => offset,
        };
        from = Holds(from) ? from : offset;
        var to = from + 1;
        for (var more = _random.Next(16); more > 0 && to < End && Holds(to); more--)
        {
            to++;
        }

        return Cut(from, to);
    }

    /// <summary>All records, those that retention has removed included.</summary>
    public RecordBatch ReadAll() => Cut(0, End);

    private static SourceRecord NewRecord(Random random)
    {
        var fate = random.Next(50) switch { 0 => Fate.Malformed, 1 => Fate.FailsLate, 2 => Fate.Missing, 3 => Fate.Refused, _ => Fate.Passes };
        var failures = random.Next(20) == 0 ? random.Next(1, 5) : 0;
        var key = random.Next(5) switch { 0 => null, 1 => "", var other => $"key {other}" };
        return new SourceRecord(key, fate, failures, random.Next(1000), 1_700_000_000_000 + random.Next(1000), random.Next(4) == 0);
    }

    private RecordBatch Cut(long from, long to)
    {
        var builder = new RecordBatchBuilder();
        for (var offset = from; offset < to; offset++)
        {
            var record = _records[offset];
            builder.Append(
                record.Key is null ? default : NotNull(record.Key),
                record.Value is null ? default : NotNull(record.Value),
                record.Timestamp,
                record.HasHeader ? [Header.Text("trace", $"{record.Number}")] : null);
        }

        var batch = builder.Build(compression: _random.Next(5) == 0 ? Compression.Gzip : Compression.None);
        return RecordBatch.Trust(batch.Bytes.ToArray().AsMemory(), from);
    }

    private static ReadOnlySpan<byte> NotNull(string text) => text.Length == 0 ? ""u8 : Encoding.UTF8.GetBytes(text);
}
