using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Orleans.Pipeline.Grains.Assignments;
using Orleans.Pipeline.Tasks;

namespace Orleans.Pipeline.Grains;

/// <summary>The stages of this silo's pipelines and their programs. Each program is created once, on first use.</summary>
internal sealed class StagePrograms(PipelineCatalog catalog, ClusterTopics topics, IServiceProvider services, TimeProvider timeProvider)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Pipeline, string Stage), StageProgram> _programs = [];

    public IEnumerable<TaskId> TasksOn(TopicPartition source) => catalog.Pipelines
        .SelectMany(pipeline => pipeline.Stages)
        .Where(stage => stage.Source == source.Topic)
        .Select(stage => new TaskId(stage.Pipeline, stage.Name, source.Partition));

    public StageTask Find(TaskId task) => TryFind(task.ToString(), out var found) ? found : throw new UnknownTaskException(task);

    /// <summary>Finds a task by its name, <c>pipeline/stage/partition</c>.</summary>
    public bool TryFind(string name, [NotNullWhen(true)] out StageTask? task)
    {
        task = null;
        var first = name.IndexOf('/', StringComparison.Ordinal);
        var last = name.LastIndexOf('/');
        if (last > first
            && int.TryParse(name.AsSpan(last + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var partition)
            && catalog.Find(name[..first]) is { } pipeline
            && pipeline.FindStage(name[(first + 1)..last]) is { } stage
            && partition < topics.PartitionsOf(stage.Source))
        {
            task = new StageTask(new TaskId(pipeline.Name, stage.Name, partition), pipeline, stage);
        }

        return task is not null;
    }

    public StageProgram ProgramOf(TaskId id)
    {
        lock (_lock)
        {
            if (!_programs.TryGetValue((id.Pipeline, id.Stage), out var program))
            {
                var task = Find(id);
                _programs.Add(
                    (id.Pipeline, id.Stage),
                    program = new StageProgram(task.Pipeline, task.Stage, services, topics.PartitionsOf, timeProvider));
            }

            return program;
        }
    }
}

internal sealed record StageTask(TaskId Id, PipelineDefinition Pipeline, StageDefinition Stage)
{
    public TopicPartition Source => new(Stage.Source, Id.Partition);
}
