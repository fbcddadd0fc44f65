using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Pipeline.Client;

namespace Orleans.Pipeline.Embedded.Tests;

/// <summary>
/// Takes a backup while numbers are being sent. A restore of it continues from the backup, and accepts the remaining numbers again.
/// </summary>
public sealed class BackupTests : IDisposable
{
    private const int Partitions = 4;
    private const int BeforeBackup = 2_000;
    private const int AfterBackup = 2_000;
    private const int Unflushed = 200;
    private static readonly TopicName Numbers = "numbers";
    private static readonly ProducerSettings Import = new() { Name = "import", BatchBytes = 2_000 };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("backup-");

    [Fact]
    public async Task A_backup_taken_under_load_restores_into_an_empty_place_and_goes_on_exactly_once()
    {
        int sent;
        long inBackup;
        ProducerIdentity old, strangerThen;
        await using (var original = await StartAsync("original"))
        {
            await using var producer = new Producer(original.Topics, Numbers, Import);
            old = await producer.OpenAsync();
            using var enough = new CancellationTokenSource();
            var sending = Task.Run(() => SendAsync(producer, new long[Partitions], int.MaxValue, enough.Token));
            await WhenInLogAsync(original, BeforeBackup);
            await original.Engine.BackupAsync(PathOf("backup.db"));
            await WhenInLogAsync(original, await InLogAsync(original) + AfterBackup);
            strangerThen = await original.Topics.OpenProducerAsync(null);
            await enough.CancelAsync();
            sent = await sending;
        }

        Directory.CreateDirectory(PathOf("restored"));
        File.Move(PathOf("backup.db"), DatabaseOf("restored"));
        await using (var restored = await StartAsync("restored"))
        {
            inBackup = await InLogAsync(restored);
            Assert.InRange(inBackup, BeforeBackup, sent - AfterBackup);
            var unnamedAfter = await restored.Topics.OpenProducerAsync(null);
            Assert.True(unnamedAfter.Id > strangerThen.Id + 1_000_000, $"{unnamedAfter} may be {strangerThen}, who may still be sending.");

            await using var producer = new Producer(restored.Topics, Numbers, Import);
            var (id, _) = await producer.OpenAsync();
            Assert.Equal(old.Id, id);
            await SendAsync(producer, [.. await restored.Store.GetProducerProgressAsync(Numbers, id)], sent);
            await restored.Engine.DrainAsync("numbers");
            await Assert.ThrowsAsync<ProducerFencedException>(() => AppendAsync(restored, old));
        }

        Assert.Equal(Enumerable.Range(0, sent), Rows("restored", "SELECT number FROM rows ORDER BY number"));
        for (var partition = 0; partition < Partitions; partition++)
        {
            var inOrder = Rows("restored", $"SELECT number FROM rows WHERE number % {Partitions} = {partition} ORDER BY rowid");
            Assert.Equal(inOrder.Order(), inOrder);
        }
    }

    [Fact]
    public async Task A_backup_neither_replaces_a_file_nor_leaves_a_part_of_one()
    {
        await using var pipelines = await StartAsync("original");
        await File.WriteAllTextAsync(PathOf("taken.db"), "mine");
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        var taken = await Assert.ThrowsAsync<IOException>(() => pipelines.Engine.BackupAsync(PathOf("taken.db")));
        var nowhere = await Assert.ThrowsAnyAsync<IOException>(() => pipelines.Engine.BackupAsync(PathOf("no/such/backup.db")));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pipelines.Engine.BackupAsync(
            PathOf("cancelled.db"),
            cancelled.Token));

        Assert.Contains("Use another name, or remove the file.", taken.Message, StringComparison.Ordinal);
        Assert.Contains("its directory does not exist. Create it", nowhere.Message, StringComparison.Ordinal);
        Assert.Equal("mine", await File.ReadAllTextAsync(PathOf("taken.db")));
        Assert.Equal(["taken.db"], _folder.GetFiles().Select(file => file.Name));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static async Task<long> InLogAsync(Running pipelines)
    {
        var records = 0L;
        for (var partition = 0; partition < Partitions; partition++)
        {
            records += (await pipelines.Topics.GetBoundsAsync(new TopicPartition(Numbers, partition))).End;
        }

        return records;
    }

    /// <summary>Waits until the log has so many records; the reads wait for the next.</summary>
    private static async Task WhenInLogAsync(Running pipelines, long records)
    {
        var first = new TopicPartition(Numbers, 0);
        while (await InLogAsync(pipelines) < records)
        {
            await pipelines.Topics.ReadAsync(first, (await pipelines.Topics.GetBoundsAsync(first)).End, 1, TimeSpan.FromSeconds(10));
        }
    }

    /// <summary>Sends 0, 1, 2 …, each to a partition of its own choice, but for those that the log has already.</summary>
    /// <returns>The first that was not sent.</returns>
    private static async Task<int> SendAsync(Producer producer, long[] progress, int end, CancellationToken enough = default)
    {
        var number = 0;
        for (; number < end && !enough.IsCancellationRequested; number++)
        {
            if (progress[number % Partitions]-- <= 0)
            {
                await producer.EnqueueAsync(
                    new ProducerRecord { Value = BitConverter.GetBytes(number), Partition = number % Partitions }, CancellationToken.None);
            }

            if (number % Unflushed == 0)
            {
                await producer.FlushAsync(CancellationToken.None);
            }
        }

        await producer.FlushAsync(CancellationToken.None);
        return number;
    }

    /// <summary>Appends as a producer would that never heard of the restore.</summary>
    private static async Task AppendAsync(Running pipelines, ProducerIdentity identity)
    {
        var builder = new RecordBatchBuilder();
        builder.Append(default, BitConverter.GetBytes(-1), timestamp: DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        await pipelines.Topics.AppendAsync(new TopicPartition(Numbers, 0), builder.Build(identity.Id, identity.Epoch, 0));
    }

    private async Task<Running> StartAsync(string name)
    {
        Directory.CreateDirectory(PathOf(name));
        var services = new ServiceCollection();
        services.AddEmbeddedPipelines(EmbeddedSettings.For(DatabaseOf(name)), pipelines => pipelines.Add("numbers", pipeline => pipeline
            .From(Numbers.Value, Partitions)
            .Map(value => (long)BitConverter.ToInt32(value.Span))
            .To(Table.Insert<long>("rows").Column("number", number => number))));
        var running = new Running(services.BuildServiceProvider());
        await running.Engine.StartAsync(CancellationToken.None);
        return running;
    }

    private string DatabaseOf(string name) => Path.Combine(PathOf(name), "pipeline.db");

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private List<int> Rows(string name, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={DatabaseOf(name)};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<int>();
        while (reader.Read())
        {
            rows.Add(reader.GetInt32(0));
        }

        return rows;
    }

    /// <summary>A process's pipelines.</summary>
    private sealed class Running(ServiceProvider services) : IAsyncDisposable
    {
        public EmbeddedEngine Engine => services.GetRequiredService<EmbeddedEngine>();

        public ITopicLog Topics => services.GetRequiredService<ITopicLog>();

        public ITopicStore Store => services.GetRequiredService<ITopicStore>();

        public async ValueTask DisposeAsync()
        {
            await Engine.StopAsync(CancellationToken.None);
            await services.DisposeAsync();
        }
    }
}
