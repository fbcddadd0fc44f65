namespace Orleans.Pipeline;

/// <summary>The status of a stage.</summary>
/// <param name="Name">The stage's name.</param>
/// <param name="Source">The topic that the stage reads.</param>
/// <param name="Tasks">The stage's tasks, by partition.</param>
/// <param name="Steps">The names of the steps, in the order of their definition, sinks not counted.</param>
/// <param name="Sinks">The stage's sinks, dead letters not counted.</param>
/// <param name="Workers">The load of the stage's workers.</param>
public sealed record StageStatus(
    string Name,
    TopicName Source,
    IReadOnlyList<StageTaskStatus> Tasks,
    IReadOnlyList<string> Steps,
    IReadOnlyList<SinkStatus> Sinks,
    WorkersStatus Workers);

/// <summary>The load of a stage's workers, over all processes.</summary>
/// <param name="Busy">Chunks that are being run.</param>
/// <param name="Waiting">Chunks that wait for a worker.</param>
/// <param name="Limit">Chunks that can be run at once; the stages share these workers.</param>
public sealed record WorkersStatus(int Busy, int Waiting, int Limit);
