using Microsoft.Extensions.Logging;

namespace Orleans.Pipeline.Tasks;

/// <summary>
/// Notes in the store which stages this host defines, and finds, reports and lets go of the checkpoints that belong to none. Both engines
/// use it.
/// </summary>
/// <remarks>
/// A checkpoint is let go of by itself when three things hold: every host that runs says that it does not define the stage, no host has
/// noted it or committed it for the time of the setting, and this host has seen it so for that time too, an hour at most. So silos that
/// differ during a roll-out, a silo of an older version that notes nothing, and a cluster that stood still for days let go of nothing.
/// </remarks>
internal sealed partial class UndefinedStages(UndefinedStages.Source source)
{
    private static readonly TimeSpan MaximumWatch = TimeSpan.FromHours(1);
    private static readonly TimeSpan MaximumFreshness = TimeSpan.FromSeconds(30);

    private readonly Dictionary<StageSource, DateTimeOffset> _seen = [];

    private DateTimeOffset Now => source.TimeProvider.GetUtcNow();

    /// <summary>Lists the stages that have checkpoints and that no host defines; none while a host does not say what it defines.</summary>
    public async ValueTask<IReadOnlyList<UndefinedStage>> ListAsync(CancellationToken cancellationToken)
    {
        var definitions = await source.ReadDefinitions(false, cancellationToken);
        return definitions.Silent.Count > 0 ? [] : await ListAsync(definitions, cancellationToken);
    }

    /// <summary>Lets go of what an operator names.</summary>
    public async ValueTask<IReadOnlyList<UndefinedStage>> ForgetAsync(
        string pipeline, string? stage, CancellationToken cancellationToken)
    {
        var definitions = await source.ReadDefinitions(true, cancellationToken);
        var undefined = (await ListAsync(definitions, cancellationToken))
            .Where(found => found.Pipeline == pipeline && (stage is null || found.Stage == stage)).ToList();
        if (undefined.Count == 0)
        {
            throw definitions.Has(pipeline, stage) ? new PipelineDefinedException(pipeline, Defined(stage)) : Unknown(pipeline, stage);
        }

        if (definitions.Silent.Count > 0)
        {
            throw new PipelineDefinedException(
                pipeline,
                $"'{string.Join("', '", definitions.Silent)}' does not say what it defines, so that it may need them. "
                + "Finish the roll-out, or wait until the silo has left the cluster.");
        }

        foreach (var found in undefined)
        {
            await ForgetAsync(found, DateTimeOffset.MaxValue, definitions, cancellationToken);
        }

        return undefined;
    }

    /// <summary>Notes what this host defines, and on its turn lets go of what none has defined for long.</summary>
    /// <exception cref="StoreUnavailableException">The store is away.</exception>
    public async ValueTask LookAsync(bool isMyTurn, CancellationToken cancellationToken)
    {
        var own = DefinedStage.Of(source.Catalog).Select(stage => stage.Source).ToHashSet();
        var checkpoints = await source.Checkpoints.ListAsync(cancellationToken);
        var freshness = source.ForgetAfter / 4 < MaximumFreshness ? source.ForgetAfter / 4 : MaximumFreshness;
        if (checkpoints.Any(checkpoint => own.Contains(checkpoint.Stage) && Now - checkpoint.DefinedAt > freshness))
        {
            await source.Checkpoints.NoteDefinedAsync(own, cancellationToken);
        }

        if (!isMyTurn)
        {
            _seen.Clear();
            return;
        }

        var definitions = await source.ReadDefinitions(true, cancellationToken);
        var undefined = definitions.Silent.Count > 0 ? [] : await ListAsync(definitions, cancellationToken);
        Watch(undefined);
        foreach (var found in undefined.Where(IsOverdue))
        {
            await ForgetAsync(found, Now - source.ForgetAfter, definitions, cancellationToken);
        }
    }

    private static StageSource IdOf(UndefinedStage stage) => new(stage.Pipeline, stage.Stage, stage.Topic);

    private static string Defined(string? stage) => stage is null
        ? "a host that runs defines it. Take it out of the deployment first."
        : $"a host that runs defines stage '{stage}' on the topic that they are on. Take it out of the deployment first.";

    private UnknownPipelineException Unknown(string pipeline, string? stage) => new(
        stage is null ? pipeline : $"{pipeline}/{stage}", source.Catalog.Pipelines.Select(known => known.Name));

    private async ValueTask<IReadOnlyList<UndefinedStage>> ListAsync(Definitions definitions, CancellationToken cancellationToken)
    {
        var undefined = (await source.Checkpoints.ListAsync(cancellationToken))
            .Where(checkpoint => !definitions.Sources.Contains(checkpoint.Stage)).ToLookup(checkpoint => checkpoint.Stage);
        var stages = new List<UndefinedStage>();
        foreach (var stage in undefined.OrderBy(stage => stage.Key.ToString(), StringComparer.Ordinal))
        {
            try
            {
                var bounds = await source.Log.GetTopicBoundsAsync(stage.Key.Topic, cancellationToken);
                stages.Add(StatusOf(stage.Key, [.. stage], bounds));
            }
            catch (UnknownTopicException)
            {
                // It was let go of and its topic deleted meanwhile.
            }
        }

        return stages;
    }

    private UndefinedStage StatusOf(StageSource stage, List<Checkpoint> checkpoints, IReadOnlyList<PartitionBounds> bounds)
    {
        var definedAt = checkpoints.Max(checkpoint =>
            checkpoint.CommittedAt > checkpoint.DefinedAt ? checkpoint.CommittedAt : checkpoint.DefinedAt);
        return new UndefinedStage
        {
            Pipeline = stage.Pipeline,
            Stage = stage.Stage,
            Topic = stage.Topic,
            Records = checkpoints.Sum(checkpoint => Lag.Of(bounds[checkpoint.Source.Partition], checkpoint.NextOffset)),
            DefinedAt = definedAt,
            ForgetAt = DateTimeOffset.MaxValue - definedAt > source.ForgetAfter
                ? definedAt + source.ForgetAfter : DateTimeOffset.MaxValue,
        };
    }

    /// <summary>Remembers since when this host has seen each stage without a definition.</summary>
    private void Watch(IReadOnlyList<UndefinedStage> undefined)
    {
        foreach (var defined in _seen.Keys.Except(undefined.Select(IdOf)).ToList())
        {
            _seen.Remove(defined);
        }

        foreach (var found in undefined.Where(found => _seen.TryAdd(IdOf(found), Now)))
        {
            LogFound(source.Logger, found.Stage, found.Pipeline, found.Topic, found.ForgetAt);
        }
    }

    private bool IsOverdue(UndefinedStage found)
    {
        var watch = source.ForgetAfter < MaximumWatch ? source.ForgetAfter : MaximumWatch;
        return Now > found.ForgetAt && Now - _seen[IdOf(found)] >= watch;
    }

    private async ValueTask ForgetAsync(
        UndefinedStage found, DateTimeOffset unlessSince, Definitions definitions, CancellationToken cancellationToken)
    {
        if (await source.Checkpoints.ForgetAsync(IdOf(found), unlessSince, cancellationToken) == 0)
        {
            return;
        }

        LogForgotten(source.Logger, found.Stage, found.Pipeline, found.Topic, found.DefinedAt);
        if (!definitions.Has(found.Pipeline, stage: null))
        {
            await source.Checkpoints.SetPausedAsync(found.Pipeline, paused: false, cancellationToken);
        }
    }

    [LoggerMessage(
        1,
        LogLevel.Warning,
        "No host defines stage {Stage} of pipeline {Pipeline} on topic {Topic}, but it has checkpoints there: retention waits for them. "
        + "They are let go of at {ForgetAt}, or now by: pipeline forget {Pipeline} --stage {Stage}")]
    private static partial void LogFound(ILogger logger, string stage, string pipeline, TopicName topic, DateTimeOffset forgetAt);

    [LoggerMessage(
        2,
        LogLevel.Warning,
        "Let go of the checkpoints of stage {Stage} of pipeline {Pipeline} on topic {Topic}: no host has defined it since {DefinedAt}.")]
    private static partial void LogForgotten(ILogger logger, string stage, string pipeline, TopicName topic, DateTimeOffset definedAt);

    /// <summary>What an engine lets this see.</summary>
    internal sealed record Source
    {
        public required PipelineCatalog Catalog { get; init; }

        public required ITopicLog Log { get; init; }

        public required ICheckpointStore Checkpoints { get; init; }

        /// <summary>Reads what the hosts that run define: now, or as they said some seconds ago.</summary>
        public required Func<bool, CancellationToken, ValueTask<Definitions>> ReadDefinitions { get; init; }

        /// <summary>How long no host must have defined a stage before its checkpoints are let go of.</summary>
        public required TimeSpan ForgetAfter { get; init; }

        public required TimeProvider TimeProvider { get; init; }

        public required ILogger Logger { get; init; }
    }
}
