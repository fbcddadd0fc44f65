using Orleans.Pipeline.Testing.Memory;

namespace Orleans.Pipeline.Storage.Tests.Memory;

/// <summary>A memory store on a database that stays while the store is closed and opened again.</summary>
public sealed class MemoryFixture : StoreFixture
{
    private readonly MemoryDatabase _database = new();
    private MemoryStore? _store;

    public override ITopicStore Log => Store;

    public override ICheckpointStore Checkpoints => Store;

    private MemoryStore Store => _store ?? throw new InvalidOperationException("The store is not open.");

    public override Task OpenAsync()
    {
        _store = new(_database, Clock);
        return Task.CompletedTask;
    }

    public override Task ReopenAsync() => OpenAsync();

    public override async Task<IReadOnlyList<string>> ReadRowsAsync(string table, params string[] columns) =>
        await _database.RunAsync(state => ReadRows(state.Tables.Get(table), columns));

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static List<string> ReadRows(MemoryTable table, string[] columns)
    {
        var names = table.Schema.Columns.Select(column => column.Name).ToList();
        var rows = table.Rows.Select(row => string.Join('|', columns.Select(column => row[names.IndexOf(column)])));
        return [.. rows.Order(StringComparer.Ordinal)];
    }
}
