using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Orleans.Pipeline.Bench.Measuring;

namespace Orleans.Pipeline.Bench.Scenarios;

/// <summary>
/// A pipeline without a library: a channel, and a consumer that stores and counts each record, with one SQLite transaction per record or
/// per thousand. A crash loses the records in the channel, and the program does not recognise a retry.
/// </summary>
internal sealed class Handwritten(BenchFolder folder, int recordsPerTransaction)
{
    public async Task<Sample> RunAsync(Workload workload)
    {
        folder.Clear();
        await using var connection = new SqliteConnection($"Data Source={folder.NewFile()};Pooling=False");
        await connection.OpenAsync();
        Execute(connection, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE records(id INTEGER PRIMARY KEY, value BLOB); CREATE TABLE counts(shard INTEGER PRIMARY KEY, records INTEGER);");
        var channel = Channel.CreateBounded<byte[]>(10_000);
        var stopper = Stopper.Start();
        var consumer = Task.Run(() => ConsumeAsync(channel.Reader, connection));
        for (var index = 0; index < workload.Records; index++)
        {
            await channel.Writer.WriteAsync(workload.Value(index).ToArray());
        }

        channel.Writer.Complete();
        await consumer;
        return stopper.Stop($"handwritten/{recordsPerTransaction}", workload.Records, (long)workload.Records * workload.RecordBytes);
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private async Task ConsumeAsync(ChannelReader<byte[]> records, SqliteConnection connection)
    {
        using var insert = connection.CreateCommand();
        insert.CommandText = "INSERT INTO records(value) VALUES ($value)";
        var value = insert.Parameters.Add("$value", SqliteType.Blob);
        using var count = connection.CreateCommand();
        count.CommandText = "INSERT INTO counts VALUES ($shard, 1) ON CONFLICT DO UPDATE SET records = records + 1";
        var shard = count.Parameters.Add("$shard", SqliteType.Integer);
        while (await records.WaitToReadAsync())
        {
            using var transaction = connection.BeginTransaction();
            insert.Transaction = transaction;
            count.Transaction = transaction;
            for (var left = recordsPerTransaction; left > 0 && records.TryRead(out var record); left--)
            {
                value.Value = record;
                insert.ExecuteNonQuery();
                shard.Value = (long)record[0];
                count.ExecuteNonQuery();
            }

            transaction.Commit();
        }
    }
}
