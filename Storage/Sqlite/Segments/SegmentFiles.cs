using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;
using Orleans.Pipeline.Storage.Sqlite.Connections;

namespace Orleans.Pipeline.Storage.Sqlite.Segments;

/// <summary>Reads and removes segment files, for all threads. A removed segment stays on the disk while a backup needs it.</summary>
internal sealed partial class SegmentFiles(SegmentFolder folder, ILogger logger) : IDisposable
{
    /// <summary>The files that stay open for reading. Linux gives a process 1,024 by default.</summary>
    private const int MaximumHandles = 128;

    private readonly Lock _gate = new();
    private readonly Dictionary<long, SafeFileHandle> _handles = [];
    private readonly HashSet<long> _held = [];
    private int _holders;

    /// <exception cref="SegmentGoneException">The file is not there.</exception>
    /// <exception cref="SqliteFailureException">The file cannot be read.</exception>
    public byte[] Read(SegmentPlace place)
    {
        var bytes = GC.AllocateUninitializedArray<byte>(place.Bytes);
        Read(place, bytes);
        return bytes;
    }

    /// <summary>Reads the first bytes of a batch.</summary>
    /// <exception cref="SegmentGoneException">The file is not there.</exception>
    /// <exception cref="SqliteFailureException">The file cannot be read.</exception>
    public void Read(SegmentPlace place, Span<byte> first)
    {
        try
        {
            for (var done = 0; done < first.Length;)
            {
                var read = ReadSome(place.Segment, place.Position + done, first[done..]);
                done += read > 0 ? read : throw new EndOfStreamException(
                    $"The segment ends before byte {place.Position + first.Length:N0}, to which the database refers");
            }
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SegmentGoneException(place.Segment, folder.PathOf(place.Segment), missing);
        }
        catch (Exception failed) when (FileFailure.IsOfFile(failed))
        {
            throw FileFailure.Translate(failed, folder.PathOf(place.Segment));
        }
    }

    /// <summary>Keeps the files of removed segments on the disk until the returned object is disposed.</summary>
    public IDisposable Hold()
    {
        lock (_gate)
        {
            _holders++;
        }

        return new Holder(this);
    }

    /// <summary>Removes the file of a segment that no row refers to. If that fails, the next opening removes the file.</summary>
    public void Remove(long number)
    {
        lock (_gate)
        {
            if (_holders > 0)
            {
                _held.Add(number);
                return;
            }

            if (_handles.Remove(number, out var handle))
            {
                handle.Dispose();
            }

            try
            {
                File.Delete(folder.PathOf(number));
            }
            catch (Exception failed) when (FileFailure.IsOfFile(failed))
            {
                LogLeft(failed, folder.PathOf(number));
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            CloseAll();
        }
    }

    private int ReadSome(long number, long position, Span<byte> destination)
    {
        while (true)
        {
            try
            {
                return RandomAccess.Read(Open(number), destination, position);
            }
            catch (ObjectDisposedException)
            {
                // Another thread has closed the file to open others.
            }
        }
    }

    private SafeFileHandle Open(long number)
    {
        lock (_gate)
        {
            if (_handles.TryGetValue(number, out var open))
            {
                return open;
            }

            if (_handles.Count == MaximumHandles)
            {
                CloseAll();
            }

            var handle = File.OpenHandle(folder.PathOf(number), share: FileShare.ReadWrite | FileShare.Delete);
            _handles.Add(number, handle);
            return handle;
        }
    }

    private void CloseAll()
    {
        foreach (var handle in _handles.Values)
        {
            handle.Dispose();
        }

        _handles.Clear();
    }

    private void Release()
    {
        long[] free = [];
        lock (_gate)
        {
            if (--_holders == 0)
            {
                free = [.. _held];
                _held.Clear();
            }
        }

        foreach (var number in free)
        {
            Remove(number);
        }
    }

    [LoggerMessage(
        5, LogLevel.Warning, "The segment file '{File}' is not needed any more, but cannot be removed. The next start removes the file.")]
    private partial void LogLeft(Exception failure, string file);

    private sealed class Holder(SegmentFiles files) : IDisposable
    {
        private SegmentFiles? _files = files;

        public void Dispose() => Interlocked.Exchange(ref _files, null)?.Release();
    }
}
