using Microsoft.Extensions.Time.Testing;

namespace Orleans.Pipeline.Storage.Tests;

/// <summary>A real store under test, which can be closed and opened again on what it had stored.</summary>
public abstract class StoreFixture : IAsyncDisposable
{
    /// <summary>The store's clock, which stands still until it is moved.</summary>
    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero));

    public abstract ITopicStore Log { get; }

    public abstract ICheckpointStore Checkpoints { get; }

    /// <summary>Opens it, empty.</summary>
    public abstract Task OpenAsync();

    /// <summary>Puts what a program of the first schema version stored in its place, and opens it; see FirstVersion/README.md.</summary>
    public abstract Task OpenFirstVersionAsync();

    /// <summary>Closes it and opens it again.</summary>
    public abstract Task ReopenAsync();

    /// <summary>Runs a query as another program would, and gives each row with its values joined by '|'.</summary>
    public abstract Task<IReadOnlyList<string>> QueryAsync(string sql);

    /// <summary>Runs a statement as another program would.</summary>
    public abstract Task ExecuteAsync(string sql);

    public abstract ValueTask DisposeAsync();
}
