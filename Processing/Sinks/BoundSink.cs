using Orleans.Pipeline.Serialization;

namespace Orleans.Pipeline.Sinks;

/// <summary>A sink as part of a stage, bound to the type of the values that reach it.</summary>
internal abstract class BoundSink(string name)
{
    /// <summary>The sink's name in dead letters.</summary>
    public string Name => name;

    public virtual TopicName? Topic => null;

    /// <summary>The number of partitions if the topic must be created.</summary>
    public virtual int? Partitions => null;

    public virtual TableSchema? Table => null;

    /// <summary>How the values of a topic are written; null if the sink is no topic.</summary>
    public virtual ValueFormat? Values => null;

    /// <summary>Prepares the sink for a process. The factory makes outputs for any number of runs.</summary>
    public abstract OutputFactory Prepare(OutputContext context);
}

internal abstract class BoundSink<T>(string name) : BoundSink(name);

internal sealed record OutputContext(IServiceProvider Services, Func<TopicName, int> PartitionsOf, int BatchBytes, int RecordBytes)
{
    /// <summary>Sees the calls of sinks outside the database; null for none.</summary>
    public ISinkProbe? Probe { get; init; }
}

internal abstract class OutputFactory
{
    public abstract SinkOutput Create();

    public virtual ValueTask OpenAsync(TaskId task, long nextOffset, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}

internal sealed record SinkBinding<T>(
    Func<T, string?>? Key, ISerializer<T> Serializer, Func<string, InvalidPipelineException> Invalid);
