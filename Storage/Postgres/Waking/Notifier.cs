using System.Threading.Channels;
using Orleans.Pipeline.Storage.Postgres.Connections;

namespace Orleans.Pipeline.Storage.Postgres.Waking;

/// <summary>
/// Tells the other processes where partitions end now, after the appends have committed: as many as wait in one notification.
/// </summary>
/// <remarks>
/// It does so in a transaction of its own. PostgreSQL lets transactions that notify commit one at a time, fsync included; an append
/// that notified would so lose the group commit (measured with 8 connections: 250 instead of 5,500 commits a second). This one
/// waits for no fsync. What a process that is killed in between does not tell, the others' heartbeat finds.
/// </remarks>
internal sealed class Notifier(Database database, PartitionSignals signals, TimeProvider timeProvider)
{
    private readonly Channel<(int Partition, long End)> _news =
        Channel.CreateUnbounded<(int, long)>(new UnboundedChannelOptions { SingleReader = true });

    private readonly Dictionary<int, long> _ends = [];
    private Task _running = Task.CompletedTask;

    public void Start(CancellationToken cancellationToken) => _running = RunAsync(cancellationToken);

    /// <summary>Wakes the readers here at once, and those of other processes soon.</summary>
    /// <param name="partition">The partition's id.</param>
    /// <param name="end">Where it ends, or <see cref="PartitionSignals.Gone"/>.</param>
    public void Tell(int partition, long end)
    {
        signals.Raise(partition, end);
        _news.Writer.TryWrite((partition, end));
    }

    /// <summary>Tells what is still to be told, then ends.</summary>
    public Task StopAsync()
    {
        _news.Writer.TryComplete();
        return _running;
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        var pause = new ReconnectPause(timeProvider);
        while (!cancellationToken.IsCancellationRequested && (_ends.Count > 0 || await _news.Reader.WaitToReadAsync(CancellationToken.None)))
        {
            Gather();
            try
            {
                await SendAsync();
                _ends.Clear();
                pause.Reset();
            }
            catch (StoreUnavailableException) when (!_news.Reader.Completion.IsCompleted)
            {
                await pause.WaitAsync(cancellationToken);
            }
            catch (StoreUnavailableException)
            {
                return;
            }
        }
    }

    private void Gather()
    {
        while (_news.Reader.TryRead(out var news))
        {
            _ends[news.Partition] = news.End == PartitionSignals.Gone || !_ends.TryGetValue(news.Partition, out var known)
                ? news.End
                : known == PartitionSignals.Gone ? known : Math.Max(known, news.End);
        }
    }

    private async ValueTask SendAsync() => await database.UseOwnAsync(
        async (connection, cancellation) =>
        {
            await using var command = connection.Command(
                "SELECT set_config('synchronous_commit', 'off', true), pg_notify($1, news) FROM unnest($2) AS news",
                Commands.Of(database.Channel),
                Commands.OfAny(_ends.Select(end => Notification.Write(end.Key, end.Value)).ToArray(), NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Text));
            return await command.ExecuteNonQueryAsync(cancellation);
        },
        CancellationToken.None);
}
