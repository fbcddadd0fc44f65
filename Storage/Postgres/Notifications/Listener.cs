using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;
using Orleans.Pipeline.Storage.Postgres.Connections;

namespace Orleans.Pipeline.Storage.Postgres.Notifications;

/// <summary>
/// Receives the ends of partitions over a connection of its own, and raises their signals. A broken connection is opened again. After each
/// opening, and at every heartbeat, the listener queries the ends of the watched partitions, so that no append is missed.
/// </summary>
internal sealed partial class Listener(
    Database database, PartitionSignals signals, TimeSpan heartbeat, TimeProvider timeProvider, ILogger logger)
{
    private readonly string _listen = $"LISTEN \"{database.Channel}\"";
    private readonly string _ends = $"SELECT id, end_offset FROM {database.Schema}.partitions WHERE id = ANY ($1)";
    private Task _running = Task.CompletedTask;
    private bool _isDisconnected;

    /// <summary>Opens the connection, and listens until <paramref name="stopping"/> is cancelled.</summary>
    public async ValueTask StartAsync(CancellationToken opening, CancellationToken stopping)
    {
        var connection = await OpenAsync(opening);
        _running = RunAsync(connection, stopping);
    }

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
                if (!_isDisconnected)
                {
                    _isDisconnected = true;
                    LogDisconnected(database.Name, failure.Message);
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
            connection.Notification += (_, notification) => OnNotification(notification.Payload);
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
            _isDisconnected = false;
            var checkedAt = timeProvider.GetTimestamp();
            while (heartbeat - timeProvider.GetElapsedTime(checkedAt) is { Ticks: > 0 } left && await connection.WaitAsync(left, stopping))
            {
            }
        }
    }

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
            signals.Raise(partition, PartitionSignals.Deletion);
        }
    }

    private void OnNotification(string payload)
    {
        if (Notification.TryRead(payload, out var partition, out var end))
        {
            signals.Raise(partition, end);
        }
    }

    [LoggerMessage(3, LogLevel.Warning, "The notification connection to the {Database} was lost and is opened again. {Reason}")]
    private partial void LogDisconnected(string database, string reason);
}
