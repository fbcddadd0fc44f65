using Orleans.Pipeline.Storage.Sqlite.Connections;
using Orleans.Pipeline.Storage.Sqlite.Files;
using Orleans.Pipeline.Storage.Sqlite.Segments;
using Orleans.Pipeline.Storage.Sqlite.Topics;

namespace Orleans.Pipeline.Storage.Sqlite.Reading;

/// <summary>Reads the log over a connection of its own. Each call is one read transaction.</summary>
internal sealed class BatchReader : IDisposable
{
    private const int TypicalBatches = 16;

    private readonly Connection _connection;
    private readonly SegmentFiles _segments;
    private readonly Statement _range;
    private readonly Statement _probe;
    private readonly Statement _times;
    private readonly Statement _live;
    private readonly Statement _begin;
    private readonly Statement _end;
    private readonly Statement _unseen;
    private readonly Statement _counts;
    private readonly Statement _settled;

    public BatchReader(SqliteStoreSettings settings, SegmentFiles segments)
    {
        _segments = segments;
        _connection = Connection.OpenReader(settings.Path, settings.BusyTimeout);
        DatabaseFile.Configure(_connection, settings.PageBytes * 64L);
        _range = _connection.Prepare(
            $"""
            SELECT position, records, {SegmentPlace.BatchBytes}, {SegmentPlace.Columns} FROM pipeline_batches
            WHERE position BETWEEN ?1 AND ?2 ORDER BY position
            """);
        _probe = _connection.Prepare(
            """
            SELECT position, records, maximum_timestamp, bytes_before, appended_at FROM pipeline_batches
            WHERE position BETWEEN ?1 AND ?2 ORDER BY position LIMIT 1
            """);
        _times = _connection.Prepare(
            $"""
            SELECT position, records, maximum_timestamp, appended_at, {SegmentPlace.Columns} FROM pipeline_batches
            WHERE position BETWEEN ?1 AND ?2 ORDER BY position
            """);
        _live = _connection.Prepare(
            $"""
            SELECT position, {SegmentPlace.Columns} FROM pipeline_batches
            WHERE position >= ?1 AND segment IN (SELECT value FROM json_each(?2)) ORDER BY position
            """);
        _begin = _connection.Prepare("BEGIN");
        _end = _connection.Prepare("COMMIT");
        _unseen = _connection.Prepare(
            $"SELECT producer, partition FROM pipeline_producers WHERE seen_at < ?1 AND {ProducerIdentities.IsForgettable("?1")} LIMIT ?2");
        _counts = _connection.Prepare(
            "SELECT partition, epoch, batches, records FROM pipeline_producers WHERE producer = ?1 AND partition BETWEEN ?2 AND ?3");
        _settled = _connection.Prepare(
            """
            SELECT first_offset, next_offset FROM pipeline_settled
            WHERE partition = ?1 AND next_offset > ?2 ORDER BY next_offset LIMIT ?3
            """);
    }

    /// <summary>Reads batches, starting with the one that contains an offset.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="offset">The offset, below <paramref name="end"/>.</param>
    /// <param name="end">The partition's end when it was looked up.</param>
    /// <param name="maximumBytes">The maximum bytes to read, but at least one batch.</param>
    /// <exception cref="OffsetOutOfRangeException">Retention has removed the offset.</exception>
    public List<RecordBatch> Read(PartitionState partition, long offset, long end, int maximumBytes)
    {
        var batches = new List<RecordBatch>(TypicalBatches);
        using var stored = new StoredBatches(_connection, _segments);
        _range.Bind(1, BatchPosition.Of(partition.Number, offset)).Bind(2, BatchPosition.Of(partition.Number, end - 1));
        try
        {
            var bytes = 0L;
            while (_range.Step())
            {
                var position = _range.Integer(0);
                var first = BatchPosition.OffsetOf(position) - _range.Integer(1) + 1;
                bytes += _range.Integer(2);
                if (batches.Count == 0 && first > offset)
                {
                    throw new OffsetOutOfRangeException(partition.Partition, offset, first, end);
                }

                if (batches.Count > 0 && bytes > maximumBytes)
                {
                    break;
                }

                batches.Add(RecordBatch.Trust(stored.Read(position, SegmentPlace.Read(_range, 3)).AsMemory(), first));
            }
        }
        finally
        {
            _range.Reset();
        }

        return batches.Count > 0 ? batches : throw new OffsetOutOfRangeException(partition.Partition, offset, end, end);
    }

    /// <summary>Finds the base offset of the first batch with a record at or after a time; the end if there is none.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="contents">The partition's contents when it was looked up.</param>
    /// <param name="timestamp">The time, in milliseconds since 1970-01-01T00:00:00Z.</param>
    public long FindTime(PartitionState partition, PartitionContents contents, long timestamp)
    {
        _begin.Run();
        try
        {
            var reached = FindFirst(
                partition, contents, row => BatchTimes.NewestOf(row.Integer(2), row.Integer(4)) >= timestamp);
            return FindDated(partition, reached, contents.End, timestamp);
        }
        finally
        {
            _end.Run();
        }
    }

    /// <summary>Finds the base offset of the first batch that was appended at or after a time; the end if there is none.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="contents">The partition's contents when it was looked up.</param>
    /// <param name="time">The time, in milliseconds since 1970-01-01T00:00:00Z.</param>
    public long FindAppend(PartitionState partition, PartitionContents contents, long time) =>
        FindFirstAtOnce(partition, contents, row => BatchTimes.AppendOf(row.Integer(2), row.Integer(4)) >= time);

    /// <summary>Finds the base offset of the first batch with at least a number of bytes before it; the end if there is none.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="contents">The partition's contents when it was looked up.</param>
    /// <param name="bytesBefore">The bytes, as <see cref="PartitionContents.BytesBefore"/> counts them.</param>
    public long FindBytes(PartitionState partition, PartitionContents contents, long bytesBefore) =>
        FindFirstAtOnce(partition, contents, row => row.Integer(3) >= bytesBefore);

    public long[] CountRecords(long producer, PartitionState[] partitions)
    {
        var counts = new long[partitions.Length];
        var first = partitions[0].Number;
        _counts.Bind(1, producer).Bind(2, first).Bind(3, first + partitions.Length - 1);
        while (_counts.Step())
        {
            var state = ProducerState.Read((short)_counts.Integer(1), _counts.Bytes(2), _counts.IntegerOrNull(3));
            counts[_counts.Integer(0) - first] = state.Records;
        }

        return counts;
    }

    public List<OffsetRange> FindSettled(PartitionState partition, long offset, int maximumCount)
    {
        var ranges = new List<OffsetRange>();
        _settled.Bind(1, partition.Number).Bind(2, offset).Bind(3, maximumCount);
        while (_settled.Step())
        {
            ranges.Add(new(_settled.Integer(0), _settled.Integer(1)));
        }

        return ranges;
    }

    /// <summary>Reads the batches of segments, from a position on.</summary>
    /// <param name="segments">The numbers of the segments.</param>
    /// <param name="position">The lowest position of a batch.</param>
    /// <param name="maximumBytes">The bytes after which to stop.</param>
    public List<LiveBatch> ReadLive(IReadOnlyList<long> segments, long position, int maximumBytes)
    {
        var batches = new List<LiveBatch>(TypicalBatches);
        _live.Bind(1, position).Bind(2, $"[{string.Join(',', segments)}]");
        try
        {
            for (var bytes = 0L; bytes < maximumBytes && _live.Step(); bytes += batches[^1].Bytes.Length)
            {
                var place = SegmentPlace.Read(_live, 1)!.Value;
                batches.Add(new(_live.Integer(0), place, _segments.Read(place)));
            }

            return batches;
        }
        finally
        {
            _live.Reset();
        }
    }

    /// <summary>
    /// Finds producers without a name that were neither seen nor opened since a time, in milliseconds since 1970-01-01T00:00:00Z.
    /// </summary>
    public List<(long Producer, int Partition)> FindUnseen(long since, int maximumCount)
    {
        var producers = new List<(long, int)>();
        _unseen.Bind(1, since).Bind(2, maximumCount);
        while (_unseen.Step())
        {
            producers.Add((_unseen.Integer(0), (int)_unseen.Integer(1)));
        }

        return producers;
    }

    public void Dispose() => _connection.Dispose();

    private long FindFirstAtOnce(PartitionState partition, PartitionContents contents, Func<Statement, bool> isReached)
    {
        _begin.Run();
        try
        {
            return FindFirst(partition, contents, isReached);
        }
        finally
        {
            _end.Run();
        }
    }

    /// <summary>
    /// Finds the first batch whose row reaches a threshold by a rising column. Looks at the first batch kept, which usually is the answer
    /// of retention, then searches the offsets by halves.
    /// </summary>
    private long FindFirst(PartitionState partition, PartitionContents contents, Func<Statement, bool> isReached)
    {
        var (low, high) = (contents.Start, contents.End);
        var middle = low;
        try
        {
            while (low < high)
            {
                _probe.Bind(1, BatchPosition.Of(partition.Number, middle)).Bind(2, BatchPosition.Of(partition.Number, high - 1));
                if (!_probe.Step())
                {
                    return high;
                }

                var last = BatchPosition.OffsetOf(_probe.Integer(0));
                var first = last - _probe.Integer(1) + 1;
                (low, high) = isReached(_probe) ? (low, first) : (last + 1, high);
                _probe.Reset();
                middle = low + ((high - low) / 2);
            }

            return high;
        }
        finally
        {
            _probe.Reset();
        }
    }

    /// <summary>
    /// Finds the first batch from an offset on that itself has a record at or after a time. That is the batch at the offset, unless batches
    /// before it were removed, or it was dated ahead before version 3 of the schema.
    /// </summary>
    private long FindDated(PartitionState partition, long offset, long end, long timestamp)
    {
        if (offset >= end)
        {
            return end;
        }

        using var stored = new StoredBatches(_connection, _segments);
        var header = new byte[RecordBatch.HeaderBytes];
        _times.Bind(1, BatchPosition.Of(partition.Number, offset)).Bind(2, BatchPosition.Of(partition.Number, end - 1));
        try
        {
            while (_times.Step())
            {
                stored.Read(_times.Integer(0), SegmentPlace.Read(_times, 4), header);
                if (BatchTimes.Reaches(RecordBatch.Trust((ReadOnlyMemory<byte>)header), _times.Integer(2), _times.Integer(3), timestamp))
                {
                    return BatchPosition.OffsetOf(_times.Integer(0)) - _times.Integer(1) + 1;
                }
            }

            return end;
        }
        finally
        {
            _times.Reset();
        }
    }
}
