using Orleans.Pipeline.Checkpoints;
using Orleans.Pipeline.DeadLetters;
using Orleans.Pipeline.Engine.Tests;
using Orleans.Pipeline.Pipelines;
using Orleans.Pipeline.Processing;
using Orleans.Pipeline.Topics;

namespace Orleans.Pipeline.Embedded.Tests;

/// <summary>The embedded engine, on a real SQLite file.</summary>
public sealed class EngineTests : EngineBehaviour
{
    protected override async Task<IEngineUnderTest> StartAsync()
    {
        var engine = new EmbeddedUnderTest(Define);
        await engine.StartAsync();
        return engine;
    }

    private sealed class EmbeddedUnderTest(Action<PipelineCatalog> define) : IEngineUnderTest
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("engine-").FullName;
        private EmbeddedPipelines _pipelines = null!;

        public IPipelineEngine Engine => _pipelines.Engine;

        public ITopicLog Topics => _pipelines.Topics;

        public DeadLetterTopics DeadLetters => _pipelines.DeadLetters;

        public async Task StartAsync() =>
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
}
