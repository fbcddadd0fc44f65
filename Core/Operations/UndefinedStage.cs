namespace Orleans.Pipeline;

/// <summary>
/// A stage that no host defines any more, but that has checkpoints: its pipeline or itself was taken out or renamed, or it reads another
/// topic now. Retention and the deletion of the topic wait for the checkpoints until somebody lets go of them.
/// </summary>
public sealed record UndefinedStage
{
    /// <summary>The pipeline's name.</summary>
    public required string Pipeline { get; init; }

    /// <summary>The stage's name.</summary>
    public required string Stage { get; init; }

    /// <summary>The topic that the checkpoints are on.</summary>
    public required TopicName Topic { get; init; }

    /// <summary>The records of the topic that the stage has not committed. They are kept, whatever the topic's retention.</summary>
    public required long Records { get; init; }

    /// <summary>When a host last defined the stage, to the minute.</summary>
    public required DateTimeOffset DefinedAt { get; init; }

    /// <summary>
    /// The earliest time at which the hosts let go of the checkpoints by themselves, if none of them defines the stage again before.
    /// </summary>
    public required DateTimeOffset ForgetAt { get; init; }
}
