namespace Orleans.Pipeline;

/// <summary>The status of a stage.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Source">The topic it reads.</param>
/// <param name="Tasks">Its tasks, by partition.</param>
/// <param name="Steps">The names of its steps, in the order in which they were defined, sinks not counted.</param>
/// <param name="Sinks">Its sinks, dead letters not counted.</param>
/// <param name="Workers">The load of its workers.</param>
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
