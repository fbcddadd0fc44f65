using Orleans.Pipeline.Contracts;

namespace Orleans.Pipeline.Embedded.Tests;

/// <summary>The embedded engine in a folder of its own.</summary>
internal sealed class EmbeddedUnderTest(Action<PipelineCatalog> define) : IEngineUnderTest
{
    private readonly string _folder = Directory.CreateTempSubdirectory("engine-").FullName;
    private EmbeddedPipelines _pipelines = null!;

    public IPipelineEngine Engine => _pipelines.Engine;

    public ITopicLog Topics => _pipelines.Topics;

    public DeadLetterOperations DeadLetters => _pipelines.DeadLetters;

    public static async Task<IEngineUnderTest> StartAsync(Action<PipelineCatalog> define)
    {
        var engine = new EmbeddedUnderTest(define);
        await engine.StartAsync();
        return engine;
    }

    private async Task StartAsync() =>
        _pipelines = await EmbeddedPipelines.StartAsync(EmbeddedSettings.For(Path.Combine(_folder, "engine.db")), define);

    public Task WhenCommittedAsync(TaskId task, long offset) => _pipelines.Engine.WhenCommittedAsync(task, offset);

    public async Task RestartAsync()
    {
        await _pipelines.DisposeAsync();
        await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _pipelines.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
