using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;
using Orleans.Pipeline.Storage.Postgres.Connections;

namespace Orleans.Pipeline.Storage.Postgres.Waking;

/// <summary>
/// Hears, over a connection of its own, where partitions end, and raises their signals. A connection that broke is opened again; each
/// time, and once a heartbeat, it asks where the watched partitions end, so that nothing is missed.
/// </summary>
internal sealed partial class Listener(
    Database database, PartitionSignals signals, TimeSpan heartbeat, TimeProvider timeProvider, ILogger logger)
{
    private readonly string _listen = $"LISTEN \"{database.Channel}\"";
    private readonly string _ends = $"SELECT id, end_offset FROM {database.Schema}.partitions WHERE id = ANY ($1)";
    private Task _running = Task.CompletedTask;
    private bool _isDeaf;

    /// <summary>Opens the connection, and goes on to listen until it is cancelled.</summary>
    public async ValueTask StartAsync(CancellationToken opening, CancellationToken stopping)
    {
        var connection = await OpenAsync(opening);
        _running = RunAsync(connection, stopping);
    }

    /// <summary>Ends when it was cancelled.</summary>
    public Task StoppedAsync() => _running;

    private async Task RunAsync(NpgsqlConnection? connection, CancellationToken stopping)
    {
        var pause = new ReconnectPause(timeProvider);
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await using var open = connection ?? await OpenAsync(stopping);
                connection = null;
                await ListenAsync(open, pause, stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure) when (Failure.IsFromDatabase(failure))
            {
                if (!_isDeaf)
                {
                    _isDeaf = true;
                    LogDeaf(database.Name, failure.Message);
                }

                await pause.WaitAsync(stopping);
            }
        }
    }

    private async ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = await database.OpenAsync(cancellationToken);
        try
        {
            await using var listen = connection.Command(_listen);
            await listen.ExecuteNonQueryAsync(cancellationToken);
            connection.Notification += (_, notification) => Hear(notification.Payload);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private async Task ListenAsync(NpgsqlConnection connection, ReconnectPause pause, CancellationToken stopping)
    {
        while (true)
        {
            await CatchUpAsync(connection, stopping);
            pause.Reset();
            _isDeaf = false;
            var checkedAt = timeProvider.GetTimestamp();
            while (heartbeat - timeProvider.GetElapsedTime(checkedAt) is { Ticks: > 0 } left && await connection.WaitAsync(left, stopping))
            {
            }
        }
    }

    /// <summary>Asks where the watched partitions end.</summary>
    private async Task CatchUpAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var watched = signals.Watched;
        var gone = watched.ToHashSet();
        await using var command = connection.Command(_ends, Commands.OfAny(watched, NpgsqlDbType.Array | NpgsqlDbType.Integer));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            gone.Remove(reader.GetInt32(0));
            signals.Raise(reader.GetInt32(0), reader.GetInt64(1));
        }

        foreach (var partition in gone)
        {
            signals.Raise(partition, PartitionSignals.Gone);
        }
    }

    private void Hear(string payload)
    {
        if (Notification.TryRead(payload, out var partition, out var end))
        {
            signals.Raise(partition, end);
        }
    }

    [LoggerMessage(3, LogLevel.Warning, "The connection that hears of appends to the {Database} was lost and is opened again. {Reason}")]
    private partial void LogDeaf(string database, string reason);
}
