namespace Orleans.Pipeline.Storage.Tests;

/// <summary>A store over a database that other programs can use by SQL, and of which there is an older schema version.</summary>
public abstract class SqlStoreFixture : StoreFixture
{
    /// <summary>Puts what a program of an earlier schema version stored in its place, and opens it; see <see cref="KeptVersion"/>.</summary>
    public abstract Task OpenVersionAsync(int version);

    /// <summary>Runs a query as another program would, and gives each row with its values joined by '|'.</summary>
    public abstract Task<IReadOnlyList<string>> QueryAsync(string sql);

    /// <summary>Runs a statement as another program would.</summary>
    public abstract Task ExecuteAsync(string sql);

    public override async Task<IReadOnlyList<string>> ReadRowsAsync(string table, params string[] columns)
    {
        var rows = await QueryAsync($"SELECT {string.Join(", ", columns.Select(column => $"\"{column}\""))} FROM \"{table}\"");
        return [.. rows.Order(StringComparer.Ordinal)];
    }
}
