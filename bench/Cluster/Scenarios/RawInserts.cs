using Npgsql;
using NpgsqlTypes;
using Orleans.Pipeline.Bench.Cluster.Database;
using Orleans.Pipeline.Bench.Measuring;

namespace Orleans.Pipeline.Bench.Cluster.Scenarios;

/// <summary>
/// The limit of the database: inserts the bytes of the same records in rows of 100 kB over several connections at once. Each row is a
/// commit that is on the disk when it is answered (fsync and synchronous_commit have their defaults).
/// </summary>
internal sealed class RawInserts(BenchDatabase database)
{
    private const int RowBytes = 100_000;
    private const int Connections = 8;

    public async Task<Sample> RunAsync(Workload workload)
    {
        var batches = workload.Batches(RowBytes);
        var connectionString = await database.CreateAsync();
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using (var create = source.CreateCommand("CREATE TABLE raw (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, batch bytea NOT NULL); ALTER TABLE raw ALTER batch SET STORAGE EXTERNAL"))
        {
            await create.ExecuteNonQueryAsync();
        }

        var connections = await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => source.OpenConnectionAsync().AsTask()));
        await database.SettleAsync();
        var stopper = Stopper.Start();
        var databaseCpu = database.ReadCpuSeconds();
        var next = -1;
        await Task.WhenAll(connections.Select(connection => Task.Run(() => InsertAsync(
            connection,
            batches,
            () => Interlocked.Increment(ref next)))));
        databaseCpu = database.ReadCpuSeconds() - databaseCpu;
        var sample = stopper.Stop("postgres-limit", workload.Records, batches.Sum(batch => (long)batch.Bytes.Length));
        await Task.WhenAll(connections.Select(connection => connection.DisposeAsync().AsTask()));
        await database.DropAsync(connectionString);
        return sample with { DatabaseCpuSeconds = databaseCpu };
    }

    private static async Task InsertAsync(NpgsqlConnection connection, IReadOnlyList<RecordBatch> batches, Func<int> next)
    {
        await using var insert = new NpgsqlCommand("INSERT INTO raw (batch) VALUES ($1)", connection);
        var batch = new NpgsqlParameter<ReadOnlyMemory<byte>> { NpgsqlDbType = NpgsqlDbType.Bytea };
        insert.Parameters.Add(batch);
        await insert.PrepareAsync();
        for (var index = next(); index < batches.Count; index = next())
        {
            batch.TypedValue = batches[index].Bytes;
            await insert.ExecuteNonQueryAsync();
        }
    }
}
