using System.Text.Json;
using Orleans.Pipeline.Pipelines;

namespace Orleans.Pipeline;

/// <summary>Defines one pipeline: settings, and one or several stages that each begin with <c>From</c> or <c>Through</c>.</summary>
public sealed class PipelineBuilder
{
    private readonly List<StageDraft> _stages = [];
    private PipelineProfile _profile = PipelineProfile.Balanced;
    private RetrySettings _retry = new();

    internal PipelineBuilder(string name, JsonSerializerOptions json)
    {
        Name = name;
        Json = json;
    }

    /// <summary>The pipeline's name.</summary>
    public string Name { get; }

    internal JsonSerializerOptions Json { get; }

    /// <summary>Sets the profile. Default <see cref="PipelineProfile.Balanced"/>.</summary>
    /// <param name="profile">The profile.</param>
    public PipelineBuilder Profile(PipelineProfile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        _profile = profile;
        return this;
    }

    /// <summary>Sets the rules for retrying failed steps. Default <c>new RetrySettings()</c>.</summary>
    /// <param name="retry">The settings.</param>
    public PipelineBuilder Retry(RetrySettings retry)
    {
        ArgumentNullException.ThrowIfNull(retry);
        _retry = retry;
        return this;
    }

    /// <summary>Begins a stage that reads a topic's records as raw bytes.</summary>
    /// <param name="topic">The topic; it is created if it does not exist.</param>
    /// <param name="partitions">The number of its partitions, 1 to 1,024; null for the number that it has, or 8 when it is created.</param>
    /// <param name="start">The position at which to begin on a partition never read. Default: the first record kept.</param>
    /// <param name="stage">The stage's name, under which its offsets are kept; null for the topic's name.</param>
    public StageBuilder<ReadOnlyMemory<byte>> From(
        string topic, int? partitions = null, StartPosition start = StartPosition.Start, string? stage = null) =>
        From(topic, Serializers.Raw, partitions, start, stage);

    /// <summary>Begins a stage that reads a topic's records as values.</summary>
    /// <param name="topic">The topic; it is created if it does not exist.</param>
    /// <param name="serializer">Reads the values; null for JSON.</param>
    /// <param name="partitions">The number of its partitions, 1 to 1,024; null for the number that it has, or 8 when it is created.</param>
    /// <param name="start">The position at which to begin on a partition never read. Default: the first record kept.</param>
    /// <param name="stage">The stage's name, under which its offsets are kept; null for the topic's name.</param>
    /// <param name="missing">
    /// What becomes of records without a value; null for a dead letter, or for default memory if the values are bytes.
    /// </param>
    /// <typeparam name="T">The values.</typeparam>
    public StageBuilder<T> From<T>(
        string topic,
        ISerializer<T>? serializer = null,
        int? partitions = null,
        StartPosition start = StartPosition.Start,
        string? stage = null,
        MissingValue? missing = null)
    {
        var draft = Draft(topic, partitions, start, stage);
        return draft.Begin(draft.SerializerOr(serializer), missing);
    }

    /// <summary>
    /// Begins a stage that reads Orleans streams: every event pushed into a stream of the namespace becomes a record of a topic, under
    /// the stream's key, and the stage reads that topic. Each event is appended once, however often its provider delivers it, as
    /// long as the provider gives it the same sequence token each time. This requires a cluster, because streams live on silos.
    /// </summary>
    /// <param name="provider">The stream provider's name, as it is registered on every silo.</param>
    /// <param name="streamNamespace">The namespace of the streams.</param>
    /// <param name="serializer">Writes the events into the topic and reads them from it; null for JSON.</param>
    /// <param name="topic">The topic; null for <c>provider.namespace</c> in lower case. It is created if it does not exist.</param>
    /// <param name="partitions">The number of its partitions, 1 to 1,024; null for the number that it has, or 8 when it is created.</param>
    /// <param name="stage">The stage's name, under which its offsets are kept; null for the topic's name.</param>
    /// <param name="missing">
    /// What becomes of events that are null; null for a dead letter, or for default memory if the values are bytes.
    /// </param>
    /// <typeparam name="T">The events.</typeparam>
    public StageBuilder<T> FromStream<T>(
        string provider,
        string streamNamespace,
        ISerializer<T>? serializer = null,
        string? topic = null,
        int? partitions = null,
        string? stage = null,
        MissingValue? missing = null)
    {
        if (string.IsNullOrWhiteSpace(provider) || string.IsNullOrWhiteSpace(streamNamespace))
        {
            throw new InvalidPipelineException(Name, "an Orleans stream is named by its provider and its namespace; neither may be empty.");
        }

        var name = topic ?? $"{provider}.{streamNamespace}".ToLowerInvariant();
        if (topic is null && !TopicName.TryParse(name, out _))
        {
            throw new InvalidPipelineException(
                Name,
                $"'{name}' cannot be the name of the topic for the streams '{provider}/{streamNamespace}'. "
                + "Give one: FromStream(…, topic: \"…\").");
        }

        var draft = Draft(name, partitions, StartPosition.Start, stage);
        var known = draft.SerializerOr(serializer);
        draft.Stream = new StreamSource<T>(provider, streamNamespace, new TopicName(name), known);
        return draft.Begin(known, missing);
    }

    internal PipelineDefinition Build()
    {
        if (_stages.Count == 0)
        {
            throw new InvalidPipelineException(Name, "it has no source. Begin with From(\"topic\").");
        }

        if (_stages.GroupBy(stage => stage.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } repeated)
        {
            throw new InvalidPipelineException(
                Name, $"two stages are named '{repeated.Key}'. Give one another name: From(…, stage: \"…\").");
        }

        if (_retry.Fault() is { } retryFault)
        {
            throw new InvalidPipelineException(Name, $"its retry settings are out of range: {retryFault}");
        }

        if (_profile.Fault() is { } fault)
        {
            throw new InvalidPipelineException(Name, $"its profile is out of range: {fault}");
        }

        var pipeline = new PipelineDefinition(Name, _profile, _retry, _stages.ConvertAll(stage => stage.Build()));
        return StageLoop.Find(pipeline) is { } loop ? throw new InvalidPipelineException(Name, loop) : pipeline;
    }

    private StageDraft Draft(string topic, int? partitions, StartPosition start, string? stage)
    {
        if (!TopicName.TryParse(topic, out var source, out var fault))
        {
            throw new InvalidPipelineException(Name, fault);
        }

        if (partitions is < 1 or > TopicSettings.MaximumPartitions)
        {
            throw new InvalidPipelineException(
                Name, $"topic '{topic}' cannot have {partitions} partitions; give 1 to {TopicSettings.MaximumPartitions}.");
        }

        if (!TopicName.TryParse(stage ?? topic, out _))
        {
            throw new InvalidPipelineException(
                Name,
                $"'{stage}' is not a stage name. Use 1 to 128 lower-case letters, digits, '.', '_' or '-', "
                + "starting with a letter or digit.");
        }

        var draft = new StageDraft(this, stage ?? topic, source, partitions, start);
        _stages.Add(draft);
        return draft;
    }
}
