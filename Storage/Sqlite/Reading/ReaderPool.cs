using System.Collections.Concurrent;
using Orleans.Pipeline.Storage.Sqlite.Connections;

namespace Orleans.Pipeline.Storage.Sqlite.Reading;

internal sealed class ReaderPool(SqliteStoreSettings settings) : IAsyncDisposable
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
                reader = new BatchReader(settings);
            }

            try
            {
                return read(reader);
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
    }
}
