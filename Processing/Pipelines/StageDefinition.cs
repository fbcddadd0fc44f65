using Orleans.Pipeline.Pipelines.Operators;
using Orleans.Pipeline.Serialization;
using Orleans.Pipeline.Sinks;

namespace Orleans.Pipeline;

/// <summary>One stage of a pipeline: a source topic, stateless steps, and sinks.</summary>
/// <remarks>
/// A stage has five forms. A <see cref="StageBuilder{T}"/> takes the calls of the pipeline's author and writes a <c>StageDraft</c>, which
/// the pipeline's builder checks. The definition is the checked, immutable result, the same in every process. Each process compiles it once
/// into a <c>StageProgram</c>, with steps and sinks resolved. A worker walks each chunk of records through the program in a <c>ChunkRun</c>
/// of its own.
/// </remarks>
public sealed class StageDefinition
{
    private readonly Func<IServiceProvider, Operator<ReadOnlyMemory<byte>>> _compile;

    internal StageDefinition(
        string pipeline,
        string name,
        TopicName source,
        int? partitions,
        StartPosition start,
        StreamSource? stream,
        IReadOnlyList<string> steps,
        IReadOnlyList<BoundSink> sinks,
        int concurrency,
        ValueFormat values,
        Func<IServiceProvider, Operator<ReadOnlyMemory<byte>>> compile)
    {
        Pipeline = pipeline;
        Name = name;
        Source = source;
        Partitions = partitions;
        Start = start;
        Stream = stream;
        Steps = steps;
        Sinks = sinks;
        Concurrency = concurrency;
        Values = values;
        _compile = compile;
    }

    /// <summary>The pipeline's name.</summary>
    public string Pipeline { get; }

    /// <summary>The stage's name.</summary>
    public string Name { get; }

    /// <summary>The topic that the stage reads.</summary>
    public TopicName Source { get; }

    /// <summary>The number of partitions if the topic must be created; null for the number that it has, or the default.</summary>
    public int? Partitions { get; }

    /// <summary>The position at which the stage begins on a partition that it has never read.</summary>
    public StartPosition Start { get; }

    /// <summary>The Orleans streams whose events are copied into the topic; null if there are none.</summary>
    public StreamSource? Stream { get; }

    /// <summary>The names of the steps, in the order of their definition, sinks not counted.</summary>
    public IReadOnlyList<string> Steps { get; }

    /// <summary>The topics that the stage writes, dead letters not counted.</summary>
    public IEnumerable<TopicName> Outputs => Sinks.Select(sink => sink.Topic).OfType<TopicName>();

    /// <summary>The tables that the stage writes.</summary>
    public IEnumerable<TableSchema> Tables => Sinks.Select(sink => sink.Table).OfType<TableSchema>();

    internal IReadOnlyList<BoundSink> Sinks { get; }

    /// <summary>How the values of the source are read.</summary>
    internal ValueFormat Values { get; }

    internal IEnumerable<(TopicName Topic, int Partitions)> TopicPartitions
    {
        get
        {
            if (Partitions is { } given)
            {
                yield return (Source, given);
            }

            foreach (var sink in Sinks)
            {
                if (sink is { Topic: { } topic, Partitions: { } partitions })
                {
                    yield return (topic, partitions);
                }
            }
        }
    }

    /// <summary>The most records in asynchronous steps at once; 0 if every step is synchronous.</summary>
    internal int Concurrency { get; }

    internal Operator<ReadOnlyMemory<byte>> Compile(IServiceProvider services) => _compile(services);
}
