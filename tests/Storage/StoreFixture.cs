using Microsoft.Extensions.Time.Testing;

namespace Orleans.Pipeline.Storage.Tests;

/// <summary>A store under test, which can be closed and opened again on what it had stored.</summary>
public abstract class StoreFixture : IAsyncDisposable
{
    /// <summary>The store's clock, which stands still until it is moved.</summary>
    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero));

    public abstract ITopicStore Log { get; }

    public abstract ICheckpointStore Checkpoints { get; }

    /// <summary>Opens it, empty.</summary>
    public abstract Task OpenAsync();

    /// <summary>Closes it and opens it again.</summary>
    public abstract Task ReopenAsync();

    /// <summary>
    /// Reads columns of every row of a sink table, not by way of the store where there is another way. A row is its values joined by '|':
    /// <c>null</c>, bytes in hexadecimal digits, numbers and text as they are. The rows are in the ordinal order of that text.
    /// </summary>
    public abstract Task<IReadOnlyList<string>> ReadRowsAsync(string table, params string[] columns);

    public abstract ValueTask DisposeAsync();
}
