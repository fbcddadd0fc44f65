using Npgsql;
using Orleans.Pipeline.Storage.Postgres;
using Orleans.Pipeline.Storage.Postgres.Schema;

namespace Orleans.Pipeline.Storage.Tests.Postgres;

/// <summary>Silos of the version before, which go on while a newer silo upgrades the database and after it has.</summary>
[RequiresPostgres]
public sealed class PostgresUpgradeTests : PostgresTest
{
    private static readonly string Batched = $"'\\x{Convert.ToHexString(Batch.Of("a").Bytes.Span)}'::bytea";

    /// <summary>What a silo of version 2 sends, each in one transaction: its statements lock the tables in more than one order.</summary>
    private static readonly string[] Requests =
    [
        $"SELECT pipeline.hold_producers('{{1}}'); SELECT status FROM pipeline.append(3, -1, 0::smallint, -1, 1, 0, 0, {Batched})",
        $"SELECT pipeline.append_output(3, 1, 0, {Batched})",
        """
        SELECT t.name, (SELECT array_agg(p.id ORDER BY p.number) FROM pipeline.partitions p WHERE p.topic_id = t.id)
        FROM pipeline.topics t WHERE t.name = 'orders'
        """,
        """
        SELECT start_offset FROM pipeline.partitions WHERE id = 1;
        SELECT last_offset, records, batch FROM pipeline.segment_1 WHERE partition_id = 1 AND last_offset >= 0
        """,
        "SELECT partition_id, keep_from FROM pipeline.overdue(0)",
        "SELECT pipeline.offset_at(1, 1769857200000)",
        "SELECT c.epoch FROM pipeline.take_over('shop', 'other', 0, 1, 0, 0) c",
    ];

    [StoreFact]
    public async Task They_go_on_while_the_tables_are_upgraded_and_what_they_append_after_that_is_dated()
    {
        using (var kept = new StreamReader(KeptVersion.Open(2, "postgres.sql")))
        {
            await ExecuteAsync(await kept.ReadToEndAsync());
        }

        await using var silos = new Silos(ConnectionString, [.. Requests, .. Requests]);
        await silos.AllSentAsync();

        Assert.Equal(new SchemaVersions(2, SchemaMigration.Version), await PostgresStore.PrepareAsync(Settings));

        await silos.AllSentAsync(); // in which a request may end that was sent before the upgrade
        await silos.AllSentAsync();
        await silos.StopAsync();
        var end = await QueryAsync<long>("SELECT end_offset FROM pipeline.partitions WHERE id = 3");
        var dated = await QueryAsync<long>("SELECT sum(records)::bigint FROM pipeline.segment_2 WHERE appended_at >= 0");
        Assert.Equal(end, await QueryAsync<long>("SELECT sum(records)::bigint FROM pipeline.segment_2"));
        Assert.InRange(dated, 4, end);
        Assert.Equal(end, (await (await OpenAsync()).GetBoundsAsync(new("clicks", 0))).End);
    }

    /// <summary>Sends each request again and again, over a connection of its own.</summary>
    private sealed class Silos : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Task[] _sending;
        private TaskCompletionSource[] _sent;

        public Silos(string connectionString, string[] requests)
        {
            _sent = NewSignals(requests.Length);
            _sending = [.. requests.Select((request, index) => Task.Run(() => SendAsync(connectionString, request, index)))];
        }

        /// <summary>Waits until each request has been sent and answered at least once from now on.</summary>
        public async Task AllSentAsync()
        {
            var signals = NewSignals(_sending.Length);
            Volatile.Write(ref _sent, signals);
            var sent = Task.WhenAll(signals.Select(signal => signal.Task));
            await Task.WhenAny([sent, .. _sending]).WaitAsync(Hang);
            await Task.WhenAny(_sending.Where(each => each.IsFaulted).Append(sent)).Unwrap().WaitAsync(Hang);
        }

        public async Task StopAsync()
        {
            await _stop.CancelAsync();
            await Task.WhenAll(_sending).WaitAsync(Hang);
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await Task.WhenAll(_sending).ContinueWith(_ => { }, TaskScheduler.Default);
            _stop.Dispose();
        }

        private async Task SendAsync(string connectionString, string request, int index)
        {
            await using var connection = new NpgsqlConnection(PostgresServer.Unpooled(connectionString));
            await connection.OpenAsync();
            while (!_stop.IsCancellationRequested)
            {
                try
                {
                    await using var command = new NpgsqlCommand(request, connection);
                    await command.ExecuteNonQueryAsync();
                    Volatile.Read(ref _sent)[index].TrySetResult();
                }
                catch (PostgresException changed) when (changed.SqlState == PostgresErrorCodes.DatatypeMismatch)
                {
                    // A take-over that waited while its table got a column: a silo tries that again, as after an outage.
                }
            }
        }

        private static TaskCompletionSource[] NewSignals(int count) =>
            [.. Enumerable.Range(0, count).Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))];
    }
}
