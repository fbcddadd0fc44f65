namespace Orleans.Pipeline.Sinks;

/// <summary>A sink as part of a stage, bound to the type of the values that reach it.</summary>
internal abstract class BoundSink(string name)
{
    /// <summary>Its name in dead letters.</summary>
    public string Name => name;

    /// <summary>The topic it writes, if it does.</summary>
    public virtual TopicName? Topic => null;

    /// <summary>How many partitions that topic gets if it has to be created.</summary>
    public virtual int? Partitions => null;

    /// <summary>The table it writes, if it does.</summary>
    public virtual TableSchema? Table => null;

    /// <summary>Prepares it for a process; the answer makes outputs for any number of runs.</summary>
    public abstract OutputFactory Prepare(OutputContext context);
}

/// <summary>A bound sink whose operators may push <typeparamref name="T"/>.</summary>
/// <typeparam name="T">The values.</typeparam>
internal abstract class BoundSink<T>(string name) : BoundSink(name);

/// <summary>What sinks need of the process they run in.</summary>
/// <param name="Services">Resolves the user's sinks.</param>
/// <param name="PartitionsOf">How many partitions an output topic has.</param>
/// <param name="BatchBytes">The most bytes of a batch that a task appends.</param>
internal sealed record OutputContext(IServiceProvider Services, Func<TopicName, int> PartitionsOf, int BatchBytes);

/// <summary>Makes one sink's outputs in a process.</summary>
internal abstract class OutputFactory
{
    public abstract SinkOutput Create();

    /// <summary>Opens the sink for a task at its next offset.</summary>
    public virtual ValueTask OpenAsync(TaskId task, long nextOffset, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}

/// <summary>What a stage gives to a sink that it binds.</summary>
internal sealed record SinkBinding<T>(
    Func<T, string?>? Key, ISerializer<T> Serializer, Func<string, InvalidPipelineException> Invalid);
