using Orleans.Serialization;

namespace Orleans.Pipeline.Grains;

/// <summary>
/// The names under which types without an alias travel between silos: the batch and the exceptions. The names do not depend on where the
/// types are declared, so silos of two versions can read each other during a roll-out.
/// </summary>
internal sealed class WireNames : ITypeConverter
{
    private const string Assembly = "Orleans.Pipeline.Core";

    private static readonly Dictionary<Type, string> Names = new[]
    {
        (Room: "Checkpoints", Types: new[]
        {
            typeof(TaskFencedException),
            typeof(TaskSourceChangedException),
            typeof(UnknownTaskException),
        }),
        (Room: "DeadLetters", Types: [typeof(DeadLetterReplayException), typeof(UnknownDeadLetterException)]),
        (Room: "Operations", Types:
        [
            typeof(InvalidSeekException),
            typeof(PipelineDefinedException),
            typeof(PipelinePausedException),
            typeof(PipelineUnansweredException),
            typeof(UnknownPipelineException),
        ]),
        (Room: "Pipelines", Types: [typeof(PermanentException)]),
        (Room: "Records", Types: [typeof(InvalidRecordBatchException), typeof(RecordBatch)]),
        (Room: "Tables", Types: [typeof(InvalidTableException), typeof(TableMismatchException), typeof(TableRowException)]),
        (Room: "Topics", Types:
        [
            typeof(BackpressureException),
            typeof(DuplicateSequenceException),
            typeof(InvalidTopicNameException),
            typeof(InvalidTopicSettingsException),
            typeof(OffsetOutOfRangeException),
            typeof(ProducerFencedException),
            typeof(RecordsSettledException),
            typeof(SequenceGapException),
            typeof(StoreUnavailableException),
            typeof(StoreUnusableException),
            typeof(TopicExistsException),
            typeof(TopicInUseException),
            typeof(TopicReplacedException),
            typeof(UnknownPartitionException),
            typeof(UnknownTopicException),
        ]),
    }
        .SelectMany(room => room.Types.Select(type => (type, name: $"Orleans.Pipeline.{room.Room}.{type.Name},{Assembly}")))
        .ToDictionary(entry => entry.type, entry => entry.name);

    private static readonly Dictionary<string, Type> Types = Names.ToDictionary(
        entry => entry.Value, entry => entry.Key, StringComparer.Ordinal);

    /// <inheritdoc/>
    public bool TryFormat(Type type, out string formatted) => Names.TryGetValue(type, out formatted!);

    /// <inheritdoc/>
    public bool TryParse(string formatted, out Type type) => Types.TryGetValue(formatted, out type!);
}
