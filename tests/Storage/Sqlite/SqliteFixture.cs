using System.IO.Compression;
using Orleans.Pipeline.Storage.Sqlite;

namespace Orleans.Pipeline.Storage.Tests.Sqlite;

/// <summary>A SQLite store in a temporary directory.</summary>
/// <param name="inSegments">Whether every batch goes into a segment, a small one.</param>
public sealed class SqliteFixture(bool inSegments = false) : SqlStoreFixture
{
    private readonly TemporaryDirectory _directory = new();
    private SqliteStore? _store;

    public SqliteStore Store => _store ?? throw new InvalidOperationException("The store is not open.");

    public override ITopicStore Log => Store;

    public override ICheckpointStore Checkpoints => Store;

    public SqliteStoreSettings Settings => inSegments
        ? new() { Path = _directory["store.db"], SegmentGroupBytes = 1, SegmentBatchBytes = 1, SegmentBytes = 200 }
        : new() { Path = _directory["store.db"] };

    public override async Task OpenAsync() => _store = await SqliteStore.OpenAsync(Settings, Clock);

    public override async Task OpenVersionAsync(int version)
    {
        await using (var kept = new GZipStream(KeptVersion.Open(version, "sqlite.db.gz"), CompressionMode.Decompress))
        await using (var file = File.Create(Settings.Path))
        {
            await kept.CopyToAsync(file);
        }

        await OpenAsync();
    }

    public override async Task ReopenAsync()
    {
        await Store.DisposeAsync();
        await OpenAsync();
    }

    public override Task<IReadOnlyList<string>> QueryAsync(string sql) => Task.FromResult(SqliteShell.Query(Settings.Path, sql));

    public override Task ExecuteAsync(string sql)
    {
        SqliteShell.Execute(Settings.Path, sql);
        return Task.CompletedTask;
    }

    public override async ValueTask DisposeAsync()
    {
        if (_store is not null)
        {
            await _store.DisposeAsync();
        }

        _directory.Dispose();
    }
}
