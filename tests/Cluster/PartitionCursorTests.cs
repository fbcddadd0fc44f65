using Orleans.Pipeline.Grains.Streams;
using Orleans.Pipeline.Storage.Sqlite;

namespace Orleans.Pipeline.Cluster.Tests;

/// <summary>A consumer's position in a partition, over a log that fails.</summary>
public sealed class PartitionCursorTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _folder = Directory.CreateTempSubdirectory("cursor-").FullName;
    private SqliteStore _store = null!;

    public async Task InitializeAsync()
    {
        _store = await SqliteStore.OpenAsync(new SqliteStoreSettings { Path = Path.Combine(_folder, "cursor.db") });
        await _store.CreateTopicAsync(Numbers.Source, new() { Partitions = Numbers.Partitions });
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(typeof(TaskCanceledException))]
    [InlineData(typeof(OperationCanceledException))]
    [InlineData(typeof(InvalidOperationException))]
    public async Task A_read_that_fails_in_whatever_way_is_repeated(Type failure)
    {
        await Numbers.AppendAsync(_store, 0, 3, only: 0);
        var reads = 0;
        var log = Interposed.Before<ITopicStore>(_store, nameof(_store.ReadAsync), (_, answer) =>
            ++reads == 1 ? ValueTask.FromException<IReadOnlyList<RecordBatch>>((Exception)Activator.CreateInstance(failure)!) : answer);
        var reader = new PartitionReader(
            new ReaderContext(log, new StreamValues(new PipelineCatalog(), TimeProvider.System), TimeProvider.System), new(Numbers.Source, 0));
        await reader.GetQueueMessagesAsync(1);
        using var cursor = reader.GetCacheCursor(
            PipelineStreams.Partition(Numbers.Source, 0), new Orleans.Providers.Streams.Common.EventSequenceTokenV2(0));

        Assert.False(cursor.MoveNext());
        await reader.GetQueueMessagesAsync(1).WaitAsync(Patience);

        Assert.True(cursor.MoveNext());
        Assert.Equal(3, cursor.GetCurrent(out _).SequenceToken.SequenceNumber);
    }
}
