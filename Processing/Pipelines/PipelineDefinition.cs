namespace Orleans.Pipeline;

/// <summary>A checked and complete pipeline. Both engines run it unchanged.</summary>
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

    /// <summary>The pipeline's name.</summary>
    public string Name { get; }

    /// <summary>The pipeline's profile.</summary>
    public PipelineProfile Profile { get; }

    /// <summary>The rules for retrying failed steps.</summary>
    public RetrySettings Retry { get; }

    /// <summary>The stages, in the order of their definition.</summary>
    public IReadOnlyList<StageDefinition> Stages { get; }

    /// <summary>The topic that takes the pipeline's dead letters: <c>&lt;pipeline&gt;.dead-letters</c>.</summary>
    public TopicName DeadLetters { get; }

    /// <summary>Finds a stage.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The stage, or null if there is none of that name.</returns>
    public StageDefinition? FindStage(string name) => Stages.FirstOrDefault(stage => stage.Name == name);
}
