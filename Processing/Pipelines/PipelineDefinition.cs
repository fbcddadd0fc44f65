namespace Orleans.Pipeline;

/// <summary>A pipeline, checked and complete. Both engines run it as it is.</summary>
public sealed class PipelineDefinition
{
    internal PipelineDefinition(string name, PipelineProfile profile, RetrySettings retry, IReadOnlyList<StageDefinition> stages)
    {
        Name = name;
        Profile = profile;
        Retry = retry;
        Stages = stages;
        DeadLetters = new TopicName(name + DeadLetter.TopicSuffix);
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Its profile.</summary>
    public PipelineProfile Profile { get; }

    /// <summary>How its steps are retried.</summary>
    public RetrySettings Retry { get; }

    /// <summary>Its stages, in the order in which they were defined.</summary>
    public IReadOnlyList<StageDefinition> Stages { get; }

    /// <summary>The topic that takes its dead letters: <c>&lt;pipeline&gt;.dead-letters</c>.</summary>
    public TopicName DeadLetters { get; }

    /// <summary>Finds a stage.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The stage, or null if there is none of that name.</returns>
    public StageDefinition? FindStage(string name) => Stages.FirstOrDefault(stage => stage.Name == name);
}
