using System.Collections.Concurrent;
using Orleans.Pipeline.Storage.Sqlite.Connections;
using Orleans.Pipeline.Storage.Sqlite.Segments;

namespace Orleans.Pipeline.Storage.Sqlite.Reading;

internal sealed class ReaderPool(SqliteStoreSettings settings, SegmentFiles segments) : IAsyncDisposable
{
    private readonly SemaphoreSlim _free = new(settings.Readers, settings.Readers);
    private readonly ConcurrentBag<BatchReader> _idle = [];
    private volatile bool _closed;

    /// <summary>Reads on a thread of the pool, so that a slow disk does not block the caller.</summary>
    /// <exception cref="StoreUnavailableException">The database cannot be read.</exception>
    public async Task<T> ReadAsync<T>(Func<BatchReader, T> read, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        try
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(SqliteStore));
            return await Task.Run(() => Read(read), cancellationToken);
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>Waits for running reads, and closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        _closed = true;
        for (var reader = 0; reader < settings.Readers; reader++)
        {
            await _free.WaitAsync();
        }

        while (_idle.TryTake(out var reader))
        {
            reader.Dispose();
        }

        _free.Release(settings.Readers);
    }

    private T Read<T>(Func<BatchReader, T> read)
    {
        try
        {
            if (!_idle.TryTake(out var reader))
            {
                reader = new BatchReader(settings, segments);
            }

            try
            {
                return Read(reader, read);
            }
            finally
            {
                _idle.Add(reader);
            }
        }
        catch (SqliteFailureException failure)
        {
            throw new StoreUnavailableException(failure.Explain(settings.Path), failure);
        }
        catch (SegmentGoneException missing)
        {
            throw new StoreUnavailableException(missing.Message, missing);
        }
    }

    /// <summary>
    /// Reads, and reads again with a new snapshot where retention has removed a segment of the old one. A segment that is missing twice is
    /// lost.
    /// </summary>
    private static T Read<T>(BatchReader reader, Func<BatchReader, T> read)
    {
        var gone = default(long?);
        while (true)
        {
            try
            {
                return read(reader);
            }
            catch (SegmentGoneException missing) when (missing.Number != gone)
            {
                gone = missing.Number;
            }
        }
    }
}
