using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Orleans.Pipeline;

/// <summary>The pipelines that a process or cluster runs.</summary>
public sealed partial class PipelineCatalog
{
    private readonly Dictionary<string, PipelineDefinition> _pipelines = new(StringComparer.Ordinal);

    /// <summary>The pipelines, by name.</summary>
    public IReadOnlyCollection<PipelineDefinition> Pipelines =>
        [.. _pipelines.Values.OrderBy(pipeline => pipeline.Name, StringComparer.Ordinal)];

    internal IEnumerable<StreamSource> StreamSources => _pipelines.Values
        .SelectMany(pipeline => pipeline.Stages)
        .Select(stage => stage.Stream)
        .OfType<StreamSource>()
        .DistinctBy(stream => (stream.Provider, stream.Namespace));

    /// <summary>
    /// The JSON options for values without a serializer. Default: the web defaults (camel case, case-insensitive, numbers also from
    /// strings).
    /// </summary>
    public JsonSerializerOptions Json { get; private set; } = WebDefaults();

    /// <summary>Sets the JSON options for the pipelines added after this call.</summary>
    /// <param name="options">The options; a source-generated context's <c>Options</c> keep reflection out.</param>
    public PipelineCatalog UseJson(JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Json = options;
        return this;
    }

    /// <summary>Sets the JSON options for the pipelines added after this call.</summary>
    /// <param name="context">A source-generated context.</param>
    public PipelineCatalog UseJson(JsonSerializerContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return UseJson(context.Options);
    }

    /// <summary>Defines a pipeline.</summary>
    /// <param name="name">Its name: <c>[a-z0-9][a-z0-9._-]{0,63}</c>.</param>
    /// <param name="define">Builds it: <c>pipeline => pipeline.From("orders")…To(…)</c>.</param>
    /// <returns>The same catalog.</returns>
    /// <exception cref="InvalidPipelineException">The definition cannot work; the message says what to change.</exception>
    public PipelineCatalog Add(string name, Action<PipelineBuilder> define)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(define);
        if (!NamePattern().IsMatch(name))
        {
            throw new InvalidPipelineException(
                name, "its name must be 1 to 64 lower-case letters, digits, '.', '_' or '-', starting with a letter or digit.");
        }

        if (_pipelines.ContainsKey(name))
        {
            throw new InvalidPipelineException(name, "there is a pipeline of that name already; give each its own.");
        }

        var builder = new PipelineBuilder(name, Json);
        define(builder);
        var pipeline = builder.Build();
        var stages = _pipelines.Values.SelectMany(other => other.Stages).Concat(pipeline.Stages).ToList();
        CheckTables(name, stages);
        CheckPartitions(name, stages);
        CheckStreams(name, stages);
        _pipelines.Add(name, pipeline);
        return this;
    }

    internal IReadOnlyList<StageDefinition> StagesOn(TopicName topic) =>
        [.. Pipelines.SelectMany(pipeline => pipeline.Stages).Where(stage => stage.Source == topic)];

    /// <summary>Finds a pipeline.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The pipeline, or null if there is none of that name.</returns>
    public PipelineDefinition? Find(string name) => _pipelines.GetValueOrDefault(name);

    [GeneratedRegex(@"^[a-z0-9][a-z0-9._-]{0,63}\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();

    [UnconditionalSuppressMessage(
        "Trimming",
        "IL2026",
        Justification = "Without reflection the options have no contracts, and the serializer's error asks for UseJson.")]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "As above.")]
    private static JsonSerializerOptions WebDefaults() =>
        JsonSerializer.IsReflectionEnabledByDefault ? JsonSerializerOptions.Web : new JsonSerializerOptions(JsonSerializerDefaults.Web);

    private static void CheckTables(string pipeline, List<StageDefinition> stages)
    {
        foreach (var table in stages.SelectMany(stage => stage.Tables).GroupBy(table => table.Name, StringComparer.Ordinal))
        {
            var first = table.First();
            if (table.Any(other => other.Mode != first.Mode || !other.Columns.SequenceEqual(first.Columns)))
            {
                throw new InvalidPipelineException(
                    pipeline,
                    $"table '{table.Key}' is written with different columns or modes. Define it the same everywhere, or use another name.");
            }
        }
    }

    private static void CheckPartitions(string pipeline, List<StageDefinition> stages)
    {
        foreach (var topic in stages.SelectMany(stage => stage.TopicPartitions).GroupBy(given => given.Topic))
        {
            var numbers = topic.Select(given => given.Partitions).Distinct().Order().ToList();
            if (numbers.Count > 1)
            {
                throw new InvalidPipelineException(
                    pipeline,
                    $"topic '{topic.Key}' is given {string.Join(" and ", numbers)} partitions. Give it one number, once or everywhere.");
            }
        }
    }

    private static void CheckStreams(string pipeline, List<StageDefinition> stages)
    {
        foreach (var streams in stages.Select(stage => stage.Stream).OfType<StreamSource>()
            .GroupBy(stream => (stream.Provider, stream.Namespace)))
        {
            var first = streams.First();
            if (streams.FirstOrDefault(other => other.Topic != first.Topic || other.EventType != first.EventType) is { } other)
            {
                throw new InvalidPipelineException(
                    pipeline,
                    $"the streams '{first}' feed topic '{first.Topic}' with '{first.EventType.Name}' and topic '{other.Topic}' with "
                    + $"'{other.EventType.Name}'. Read them into one topic, as one type.");
            }
        }
    }
}
