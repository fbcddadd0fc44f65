using System.Collections.Immutable;
using Orleans.Pipeline.Storage.Sqlite.Connections;
using Orleans.Pipeline.Storage.Sqlite.Writing;

namespace Orleans.Pipeline.Storage.Sqlite.Segments;

/// <summary>
/// Keeps large batches outside the database, so that each byte is written once: in segment files, in the order of writing.
/// </summary>
/// <remarks>
/// A segment is batches, one after the other, and nothing else. The row of a batch has its place.
/// <code>
///     pipeline_batches                    0000000007.segment                     pipeline_segments
///     ... segment position bytes
///     ... 7       0        900   ──────►  │ batch │ batch │ batch │ torn tail │   7: committed_end, live_bytes
///     ... 7       900      1200  ─────────────────┘               ▲
///                                                           committed_end
/// </code>
/// <list type="number">
/// <item>The requests of a transaction insert the rows; the batches wait.</item>
/// <item><see cref="Prepare"/> writes the batches behind the committed end, as they are in memory, and syncs the file.</item>
/// <item>It then writes the new end into the transaction. The COMMIT, with its own sync, makes the batches count.</item>
/// </list>
/// A crash before the COMMIT leaves bytes behind the committed end, or a file without a row; opening removes both. So opening looks at the
/// length of each file, and reads none. A transaction with few bytes keeps its batches in the database, and pays for one sync.
/// </remarks>
internal sealed class SegmentLog : IParticipant, IDisposable
{
    private readonly SqliteStoreSettings _settings;
    private readonly SegmentFiles _files;
    private readonly SegmentAppender _appended;
    private readonly SegmentAppender _moved;
    private readonly HashSet<long> _changed = [];
    private readonly List<long> _removed = [];
    private readonly Statement _insert;
    private readonly Statement _update;
    private readonly Statement _delete;
    private volatile ImmutableDictionary<long, Segment> _committed;
    private ImmutableDictionary<long, Segment> _pending;
    private WriteTransaction? _transaction;
    private long _newest;

    public SegmentLog(Connection connection, SqliteStoreSettings settings, SegmentFolder folder, SegmentFiles files)
    {
        _settings = settings;
        _files = files;
        _appended = new(folder, settings.SegmentBytes, settings.SyncSegment);
        _moved = new(folder, settings.SegmentBytes, settings.SyncSegment);
        _insert = connection.Prepare("INSERT INTO pipeline_segments (number, committed_end, live_bytes) VALUES (?1, ?2, ?3)");
        _update = connection.Prepare("UPDATE pipeline_segments SET committed_end = ?2, live_bytes = ?3 WHERE number = ?1");
        _delete = connection.Prepare("DELETE FROM pipeline_segments WHERE number = ?1");
        _newest = connection.QueryInteger("SELECT seq FROM sqlite_sequence WHERE name = 'pipeline_segments'");
        var segments = SegmentFolder.Load(connection);
        folder.Tidy(segments);
        _committed = _pending = segments.ToImmutableDictionary(segment => segment.Number);
        if (segments is [.., { } last] && last.End < settings.SegmentBytes)
        {
            _appended.Continue(last);
        }
    }

    /// <summary>Gets the size of the committed segments.</summary>
    public long SizeBytes => _committed.Values.Sum(segment => segment.End);

    /// <summary>Returns whether a batch of the running transaction goes into a segment.</summary>
    public bool Takes(WriteTransaction transaction, int batchBytes) =>
        transaction.BatchBytes >= _settings.SegmentGroupBytes && batchBytes >= _settings.SegmentBatchBytes;

    /// <summary>Appends a batch, which must stay as it is until the transaction ends.</summary>
    public SegmentPlace Append(WriteTransaction transaction, ReadOnlyMemory<byte> batch) => Append(transaction, _appended, batch);

    /// <summary>
    /// Appends a batch of an older segment. Such batches have segments of their own: among new ones, which retention soon removes, they
    /// would have to move again and again.
    /// </summary>
    public SegmentPlace AppendMoved(WriteTransaction transaction, ReadOnlyMemory<byte> batch) => Append(transaction, _moved, batch);

    /// <summary>Notes that rows which referred to a segment are gone. The last of them takes the segment along.</summary>
    public void Release(WriteTransaction transaction, long number, long bytes)
    {
        Enlist(transaction);
        var segment = _pending[number];
        Set(segment with { LiveBytes = segment.LiveBytes - bytes });
    }

    /// <summary>Removes the segments among some that have no live bytes.</summary>
    /// <returns>The number of segments looked at.</returns>
    public int RemoveEmpty(WriteTransaction transaction, IReadOnlyList<long> numbers)
    {
        Enlist(transaction);
        _changed.UnionWith(numbers.Where(_pending.ContainsKey));
        return numbers.Count;
    }

    /// <summary>Finds the segments that nobody appends to and of which less than half is live.</summary>
    public IReadOnlyList<long> FindSparse() =>
        [.. _pending.Values.Where(segment => segment.IsSparse && !IsOpen(segment.Number)).Select(segment => segment.Number)];

    public void Prepare()
    {
        _appended.Write();
        _moved.Write();
        foreach (var number in _changed)
        {
            var segment = _pending[number];
            if (segment.LiveBytes == 0 && !IsOpen(number))
            {
                _delete.Bind(1, number).Run();
                _pending = _pending.Remove(number);
                _removed.Add(number);
            }
            else
            {
                var write = _committed.ContainsKey(number) ? _update : _insert;
                write.Bind(1, number).Bind(2, segment.End).Bind(3, segment.LiveBytes).Run();
            }
        }
    }

    public void Publish()
    {
        _appended.Publish();
        _moved.Publish();
        _committed = _pending;
        foreach (var number in _removed)
        {
            _files.Remove(number);
        }

        Clear();
    }

    public void Revert()
    {
        var isInDoubt = _transaction!.IsInDoubt;
        _appended.Revert(isInDoubt);
        _moved.Revert(isInDoubt);
        _pending = _committed;
        Clear();
    }

    public void Dispose()
    {
        _appended.Dispose();
        _moved.Dispose();
    }

    private SegmentPlace Append(WriteTransaction transaction, SegmentAppender appender, ReadOnlyMemory<byte> batch)
    {
        Enlist(transaction);
        if (!appender.HasRoom)
        {
            Begin(appender);
        }

        var place = appender.Append(batch);
        var segment = _pending[place.Segment];
        Set(segment with { End = place.Position + place.Bytes, LiveBytes = segment.LiveBytes + place.Bytes });
        return place;
    }

    private void Begin(SegmentAppender appender)
    {
        if (appender.Number is { } full)
        {
            _changed.Add(full);
        }

        appender.Begin(++_newest);
        _pending = _pending.Add(_newest, new(_newest, End: 0, LiveBytes: 0));
    }

    private bool IsOpen(long number) => number == _appended.Number || number == _moved.Number;

    private void Set(Segment segment)
    {
        _pending = _pending.SetItem(segment.Number, segment);
        _changed.Add(segment.Number);
    }

    private void Enlist(WriteTransaction transaction)
    {
        if (_transaction is null)
        {
            _transaction = transaction;
            transaction.Enlist(this);
        }
    }

    private void Clear()
    {
        _changed.Clear();
        _removed.Clear();
        _transaction = null;
    }
}
