namespace Orleans.Pipeline.Tasks;

/// <summary>A stage that a host defines, with the topics that it reads and writes.</summary>
/// <param name="Source">The stage and the topic that it reads.</param>
/// <param name="Outputs">The topics that it writes, the dead-letter topic of its pipeline included.</param>
internal sealed record DefinedStage(StageSource Source, IReadOnlyList<TopicName> Outputs)
{
    /// <summary>Lists the stages of a catalog.</summary>
    public static IReadOnlyList<DefinedStage> Of(PipelineCatalog catalog) =>
    [
        .. catalog.Pipelines.SelectMany(pipeline => pipeline.Stages, static (pipeline, stage) => new DefinedStage(
            new StageSource(pipeline.Name, stage.Name, stage.Source), [.. stage.Outputs.Append(pipeline.DeadLetters)])),
    ];
}

/// <summary>What the hosts that run define, together.</summary>
/// <param name="stages">The stages of all hosts that answered.</param>
/// <param name="silent">The names of the hosts that did not say what they define.</param>
internal sealed class Definitions(IEnumerable<DefinedStage> stages, IReadOnlyList<string> silent)
{
    private readonly List<DefinedStage> _stages = [.. stages];

    /// <summary>Gets the names of the hosts that did not say what they define.</summary>
    public IReadOnlyList<string> Silent => silent;

    /// <summary>Gets the stages, each once.</summary>
    public HashSet<StageSource> Sources { get; } = [.. stages.Select(stage => stage.Source)];

    /// <summary>Returns whether a host defines a stage of the pipeline, and of that name if one is given.</summary>
    public bool Has(string pipeline, string? stage) => _stages.Exists(
        defined => defined.Source.Pipeline == pipeline && (stage is null || defined.Source.Stage == stage));

    /// <summary>Lists the pipelines that read or write a topic, by name.</summary>
    /// <exception cref="TopicInUseException">None does, but a host did not say what it defines, so that one of its may.</exception>
    public IReadOnlyList<string> UsersOf(TopicName topic)
    {
        string[] users =
        [
            .. _stages.Where(stage => stage.Source.Topic == topic || stage.Outputs.Contains(topic))
                .Select(stage => stage.Source.Pipeline).Distinct().Order(StringComparer.Ordinal),
        ];
        return users.Length > 0 || Silent.Count == 0 ? users : throw new TopicInUseException(
            $"A pipeline of '{string.Join("', '", Silent)}', which does not say what it defines, may use topic '{topic}'. "
            + "Finish the roll-out, or wait until the silo has left the cluster.");
    }
}
