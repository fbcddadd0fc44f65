namespace Orleans.Pipeline;

/// <summary>Raised when a place has no dead letter: it never had one, or that was replayed, discarded, or removed by retention.</summary>
public sealed class UnknownDeadLetterException : PipelineException
{
    /// <summary>Creates the error.</summary>
    /// <param name="topic">The dead-letter topic.</param>
    /// <param name="position">The place that was asked for.</param>
    public UnknownDeadLetterException(TopicName topic, DeadLetterPosition position)
        : this($"There is no dead letter {position} in topic '{topic}': it never existed, or it was replayed, discarded, or removed by "
            + "retention. List the dead letters to see which ones exist.")
    {
    }

    /// <summary>Rebuilds an error that came over the wire.</summary>
    internal UnknownDeadLetterException(string message)
        : base(message)
    {
    }
}

/// <summary>
/// Raised when a dead letter cannot be replayed, because its record would reach no stage. The dead letter was not changed.
/// </summary>
public sealed class DeadLetterReplayException : PipelineException
{
    /// <summary>Creates the error.</summary>
    /// <param name="topic">The dead-letter topic.</param>
    /// <param name="letter">The dead letter.</param>
    /// <param name="reason">Why it cannot be replayed, as a clause.</param>
    /// <param name="replayed">The number of dead letters that the same call had already replayed.</param>
    public DeadLetterReplayException(TopicName topic, DeadLetter letter, string reason, long replayed)
        : this(
            $"Dead letter {letter.Position} of topic '{topic}' cannot be replayed: {reason}. {Before(replayed)} "
            + "Discard it, or replay others by a filter.",
            replayed)
    {
    }

    /// <summary>Rebuilds an error that came over the wire.</summary>
    internal DeadLetterReplayException(string message, long replayed)
        : base(message) => Replayed = replayed;

    /// <summary>The number of dead letters that the same call had already replayed.</summary>
    public long Replayed { get; }

    private static string Before(long replayed) => replayed == 0 ? "Nothing was replayed." : $"{replayed} before it were replayed.";
}
