using Microsoft.Win32.SafeHandles;
using Orleans.Pipeline.Storage.Sqlite.Connections;

namespace Orleans.Pipeline.Storage.Sqlite.Segments;

/// <summary>Appends the batches of a transaction to one segment, on the writer thread.</summary>
/// <param name="folder">The folder of the segments.</param>
/// <param name="maximumBytes">The size at which a segment is full.</param>
/// <param name="sync">Makes the written bytes of a file durable.</param>
internal sealed class SegmentAppender(SegmentFolder folder, long maximumBytes, Action<SafeFileHandle> sync) : IDisposable
{
    /// <summary>
    /// The bytes of one write. Linux (6.18, ext4) takes up to eight times as long for 8 MiB behind the end of a file in one write as in
    /// eight.
    /// </summary>
    private const int PieceBytes = 1 << 20;

    private readonly List<ReadOnlyMemory<byte>> _waiting = [];
    private readonly List<ReadOnlyMemory<byte>> _piece = [];
    private SafeFileHandle? _handle;
    private long _end;
    private long _waitingBytes;
    private bool _isNew;
    private bool _written;

    /// <summary>Gets the number of the segment; null if there is none, and the next batch begins one.</summary>
    public long? Number { get; private set; }

    /// <summary>Gets whether the segment has room for a transaction.</summary>
    public bool HasRoom => Number is not null && (_end < maximumBytes || _waiting.Count > 0);

    /// <summary>Continues a segment of an earlier process.</summary>
    public void Continue(Segment segment) => (Number, _end) = (segment.Number, segment.End);

    /// <summary>Begins a new segment, with a number that no segment had.</summary>
    public void Begin(long number)
    {
        Leave();
        (Number, _end, _isNew) = (number, 0, true);
    }

    /// <summary>Takes a batch, which must stay as it is until <see cref="Write"/>.</summary>
    public SegmentPlace Append(ReadOnlyMemory<byte> batch)
    {
        var place = new SegmentPlace(Number!.Value, _end + _waitingBytes, batch.Length);
        _waiting.Add(batch);
        _waitingBytes += batch.Length;
        return place;
    }

    /// <summary>Writes the batches, as they are in memory, and makes them durable.</summary>
    /// <exception cref="SqliteFailureException">The disk is full or fails.</exception>
    public void Write()
    {
        if (_waiting.Count == 0)
        {
            return;
        }

        var path = folder.PathOf(Number!.Value);
        try
        {
            _written = true;
            _handle ??= _isNew ? Create(path) : Open(path, FileMode.Open, allocatedBytes: 0);
            WritePieces(_handle);
            sync(_handle);
            if (_isNew)
            {
                DiskSync.FlushFolder(folder.Path);
                DiskSync.FlushFolder(Path.GetDirectoryName(folder.Path)!);
            }
        }
        catch (Exception failed) when (FileFailure.IsOfFile(failed))
        {
            throw FileFailure.Translate(failed, path);
        }
    }

    public void Publish()
    {
        _end += _waitingBytes;
        _isNew &= _waiting.Count == 0;
        Clear();
    }

    /// <summary>Takes the bytes of the transaction off the disk.</summary>
    /// <param name="isInDoubt">Whether a restart may find the transaction committed. Then its bytes stay, and no others follow.</param>
    public void Revert(bool isInDoubt)
    {
        if (_written && !isInDoubt)
        {
            CutOff();
        }

        if (_isNew || (_written && isInDoubt))
        {
            Leave();
        }

        Clear();
    }

    public void Dispose() => Leave();

    private void WritePieces(SafeFileHandle file)
    {
        var (position, bytes) = (_end, 0);
        foreach (var batch in _waiting)
        {
            for (var rest = batch; !rest.IsEmpty;)
            {
                var part = rest[..Math.Min(rest.Length, PieceBytes - bytes)];
                _piece.Add(part);
                bytes += part.Length;
                rest = rest[part.Length..];
                if (bytes == PieceBytes)
                {
                    position = WritePiece(file, position, bytes);
                    bytes = 0;
                }
            }
        }

        if (bytes > 0)
        {
            WritePiece(file, position, bytes);
        }
    }

    private long WritePiece(SafeFileHandle file, long position, int bytes)
    {
        RandomAccess.Write(file, _piece, position);
        DiskSync.Begin(file, position, bytes);
        _piece.Clear();
        return position + bytes;
    }

    /// <summary>
    /// Creates the file, with its place on the disk: a sync that has to find place for its bytes takes up to four times as long. Without
    /// room for a whole segment, the file takes what it needs.
    /// </summary>
    private SafeFileHandle Create(string path)
    {
        Directory.CreateDirectory(folder.Path);
        try
        {
            return Open(path, FileMode.Create, maximumBytes);
        }
        catch (IOException full) when (FileFailure.IsDiskFull(full))
        {
            return Open(path, FileMode.Create, allocatedBytes: 0);
        }
    }

    private static SafeFileHandle Open(string path, FileMode mode, long allocatedBytes) => File.OpenHandle(
        path, mode, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, preallocationSize: allocatedBytes);

    private void CutOff()
    {
        try
        {
            if (_isNew)
            {
                File.Delete(folder.PathOf(Number!.Value));
            }
            else if (_handle is not null)
            {
                RandomAccess.SetLength(_handle, _end);
            }
        }
        catch (Exception failed) when (FileFailure.IsOfFile(failed))
        {
            // Nobody refers to the bytes. The next transaction overwrites them, or the next opening removes them.
        }
    }

    private void Leave()
    {
        _handle?.Dispose();
        (_handle, Number, _isNew) = (null, null, false);
    }

    private void Clear()
    {
        _waiting.Clear();
        _piece.Clear();
        (_waitingBytes, _written) = (0, false);
    }
}
