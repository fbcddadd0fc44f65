using Orleans.Pipeline.Pipelines.Operators;
using Orleans.Pipeline.Serialization;
using Orleans.Pipeline.Sinks;

namespace Orleans.Pipeline.Pipelines;

/// <summary>A stage under definition. All its branches share one draft.</summary>
internal sealed class StageDraft(PipelineBuilder pipeline, string name, TopicName source, int? partitions, StartPosition start)
{
    private readonly List<string> _steps = [];
    private readonly List<BoundSink> _sinks = [];
    private readonly List<Func<bool>> _branches = [];
    private Func<IServiceProvider, Operator<ReadOnlyMemory<byte>>>? _head;
    private ValueFormat? _values;
    private int _concurrency;

    public PipelineBuilder Pipeline => pipeline;

    public string Name => name;

    public StreamSource? Stream { get; set; }

    /// <param name="serializer">Reads the values.</param>
    /// <param name="missing">What becomes of records without a value; null for the default of the type.</param>
    /// <typeparam name="T">The type of the values.</typeparam>
    public StageBuilder<T> Begin<T>(ISerializer<T> serializer, MissingValue? missing)
    {
        var isBytes = typeof(T) == typeof(ReadOnlyMemory<byte>);
        if (missing == MissingValue.Null && !isBytes && default(T) is not null)
        {
            throw Invalid(
                $"its values of type '{typeof(T).Name}' cannot be null, as MissingValue.Null asks. "
                + $"Read '{typeof(T).Name}?', or skip them.");
        }

        var first = new StageBuilder<T>(this);
        var known = missing ?? (isBytes ? MissingValue.Null : MissingValue.DeadLetter);
        _values = new ValueFormat<T>(serializer);
        _head = services => new DeserializeOperator<T>(serializer, known, first.Compile(services));
        return first;
    }

    public void AddStep(string name) => _steps.Add(name);

    /// <summary>Adds a sink and returns its place among the stage's outputs.</summary>
    public int Add(BoundSink sink)
    {
        _sinks.Add(sink);
        return _sinks.Count - 1;
    }

    /// <summary>Adds a branch. <see cref="Build"/> checks that something follows it.</summary>
    public void AddBranch(Func<bool> goesOn) => _branches.Add(goesOn);

    public void AddConcurrency(int concurrency)
    {
        if (concurrency < 1)
        {
            throw Invalid($"an asynchronous step has concurrency {concurrency}; give 1 or more.");
        }

        _concurrency += concurrency;
    }

    public ISerializer<T> SerializerOr<T>(ISerializer<T>? given)
    {
        try
        {
            return given ?? Serializers.Default<T>(pipeline.Json);
        }
        catch (Exception missing) when (missing is NotSupportedException or InvalidOperationException)
        {
            throw Invalid(
                $"values of type '{typeof(T).Name}' have no JSON contract. Give a serializer, or add the type to the context of UseJson. "
                + $"({missing.Message})");
        }
    }

    public StageDefinition Build()
    {
        if (_sinks.Count == 0)
        {
            throw Invalid("it has no sink, so it would have no effect. End it with To(…).");
        }

        if (_branches.Exists(goesOn => !goesOn()))
        {
            throw Invalid("a branch of it ends in a step, so that branch would have no effect. End every branch with To(…).");
        }

        return new StageDefinition(pipeline.Name, name, source, partitions, start, Stream, _steps, _sinks, _concurrency, _values!, _head!);
    }

    public InvalidPipelineException Invalid(string fault) => new(pipeline.Name, $"stage '{name}': {fault}");
}
