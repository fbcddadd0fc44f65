using Microsoft.Extensions.Logging;
using Npgsql;

namespace Orleans.Pipeline.Storage.Postgres.Connections;

/// <summary>The database as the store's parts use it: so many connections at a time, failures told in the store's words.</summary>
internal sealed partial class Database(NpgsqlDataSource source, string name, PostgresStoreSettings settings, ILogger logger) : IAsyncDisposable
{
    private readonly SemaphoreSlim _free = new(settings.Connections, settings.Connections);
    private int _isOut;
    private volatile bool _closed;

    /// <summary>Its name, for messages.</summary>
    public string Name => name;

    /// <summary>The schema of the store's own tables, quoted.</summary>
    public string Schema { get; } = $"\"{settings.Schema}\"";

    /// <summary>The channel on which the stores on this schema notify one another.</summary>
    public string Channel { get; } = settings.Schema;

    /// <summary>Uses one of the shared connections; waits for one while all are busy.</summary>
    /// <param name="use">What to do; done again, once, if its transaction gave way to another one.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="StoreUnavailableException">The database cannot be used for now.</exception>
    public async ValueTask<T> UseAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> use, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        try
        {
            return await UseOwnAsync(use, cancellationToken);
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>Uses a connection beside the shared ones.</summary>
    /// <inheritdoc cref="UseAsync{T}" path="/param" />
    /// <exception cref="StoreUnavailableException">The database cannot be used for now.</exception>
    public async ValueTask<T> UseOwnAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> use, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_closed, typeof(PostgresStore));
        try
        {
            T answer;
            try
            {
                answer = await ConnectAsync(use, cancellationToken);
            }
            catch (PostgresException collision) when (Failure.IsCollision(collision))
            {
                answer = await ConnectAsync(use, cancellationToken);
            }

            TellRecovered();
            return answer;
        }
        catch (Exception failure) when (Failure.IsFromDatabase(failure))
        {
            throw TellUnavailable(failure);
        }
    }

    /// <summary>Opens a connection to keep.</summary>
    public ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken) => source.OpenConnectionAsync(cancellationToken);

    /// <summary>Takes no more requests and closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        _closed = true;
        await source.DisposeAsync();
    }

    private async Task<T> ConnectAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> use, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        return await use(connection, cancellationToken);
    }

    private StoreUnavailableException TellUnavailable(Exception failure)
    {
        ObjectDisposedException.ThrowIf(_closed, typeof(PostgresStore));
        var unavailable = Failure.Unavailable(name, failure);
        if (Interlocked.Exchange(ref _isOut, 1) == 0)
        {
            LogUnavailable(failure, unavailable.Message);
        }

        if (Failure.IsOfConnection(failure))
        {
            // What idles in the pool was cut off as well: who tries next shall not have to find that out one by one.
            source.Clear();
        }

        return unavailable;
    }

    private void TellRecovered()
    {
        if (Volatile.Read(ref _isOut) != 0 && Interlocked.Exchange(ref _isOut, 0) != 0)
        {
            LogRecovered(name);
        }
    }

    [LoggerMessage(1, LogLevel.Error, "The store cannot be used for now; what was not acknowledged may or may not have been written. {Explanation}")]
    private partial void LogUnavailable(Exception failure, string explanation);

    [LoggerMessage(2, LogLevel.Information, "The {Database} can be used again.")]
    private partial void LogRecovered(string database);
}
