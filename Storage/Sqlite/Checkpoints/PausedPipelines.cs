using System.Collections.Immutable;
using Orleans.Pipeline.Storage.Sqlite.Connections;
using Orleans.Pipeline.Storage.Sqlite.Writing;

namespace Orleans.Pipeline.Storage.Sqlite.Checkpoints;

internal sealed class PausedPipelines
{
    private readonly Versioned<ImmutableHashSet<string>> _paused;
    private readonly Statement _write;

    public PausedPipelines(Connection connection)
    {
        _write = connection.Prepare("INSERT OR REPLACE INTO pipeline_pipelines (name, paused) VALUES (?1, ?2)");
        using var statement = connection.PrepareOnce("SELECT name FROM pipeline_pipelines WHERE paused <> 0");
        var paused = ImmutableHashSet.CreateBuilder<string>();
        while (statement.Step())
        {
            paused.Add(statement.Text(0));
        }

        _paused = new(paused.ToImmutable());
    }

    public bool Contains(string pipeline) => _paused.Committed.Contains(pipeline);

    public bool Set(WriteTransaction transaction, string pipeline, bool paused)
    {
        _write.Bind(1, pipeline).Bind(2, paused ? 1 : 0).Run();
        _paused.Set(paused ? _paused.Pending.Add(pipeline) : _paused.Pending.Remove(pipeline), transaction);
        return paused;
    }
}
