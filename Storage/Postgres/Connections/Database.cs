using Microsoft.Extensions.Logging;
using Npgsql;

namespace Orleans.Pipeline.Storage.Postgres.Connections;

/// <summary>Limits the connections to the database, and translates its failures.</summary>
internal sealed partial class Database(NpgsqlDataSource source, string name, PostgresStoreSettings settings, ILogger logger)
    : IAsyncDisposable
{
    private readonly SemaphoreSlim _free = new(settings.Connections, settings.Connections);
    private int _isOut;
    private volatile bool _closed;

    public string Name => name;

    /// <summary>Gets the schema of the store's own tables, quoted.</summary>
    public string Schema { get; } = $"\"{settings.Schema}\"";

    /// <summary>Gets the notification channel of the stores on this schema.</summary>
    public string Channel { get; } = settings.Schema;

    /// <summary>Uses one of the shared connections, and waits while all are busy.</summary>
    /// <param name="use">The work, which is repeated once if its transaction collided with another.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="StoreUnavailableException">The database is unavailable.</exception>
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

    /// <summary>Uses a connection outside the limit of the shared ones.</summary>
    /// <inheritdoc cref="UseAsync{T}" path="/param" />
    /// <exception cref="StoreUnavailableException">The database is unavailable.</exception>
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

            ReportRecovery();
            return answer;
        }
        catch (Exception failure) when (Failure.IsFromDatabase(failure))
        {
            throw ReportUnavailable(failure);
        }
    }

    public ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken) => source.OpenConnectionAsync(cancellationToken);

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

    private StoreUnavailableException ReportUnavailable(Exception failure)
    {
        ObjectDisposedException.ThrowIf(_closed, typeof(PostgresStore));
        var unavailable = Failure.Unavailable(name, failure);
        if (Interlocked.Exchange(ref _isOut, 1) == 0)
        {
            LogUnavailable(failure, unavailable.Message);
        }

        if (Failure.IsOfConnection(failure))
        {
            // The idle connections in the pool are broken too. Otherwise each next call would fail on one of them.
            source.Clear();
        }

        return unavailable;
    }

    private void ReportRecovery()
    {
        if (Volatile.Read(ref _isOut) != 0 && Interlocked.Exchange(ref _isOut, 0) != 0)
        {
            LogRecovered(name);
        }
    }

    [LoggerMessage(
        1, LogLevel.Error, "The store cannot be used for now; unacknowledged writes may or may not have happened. {Explanation}")]
    private partial void LogUnavailable(Exception failure, string explanation);

    [LoggerMessage(2, LogLevel.Information, "The {Database} can be used again.")]
    private partial void LogRecovered(string database);
}
