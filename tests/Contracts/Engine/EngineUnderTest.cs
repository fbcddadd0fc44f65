namespace Orleans.Pipeline.Contracts;

/// <summary>A running engine, whichever it is: what its operators and producers have of it.</summary>
public interface IEngineUnderTest : IAsyncDisposable
{
    IPipelineEngine Engine { get; }

    ITopicLog Topics { get; }

    DeadLetterOperations DeadLetters { get; }

    Task WhenCommittedAsync(TaskId task, long offset);

    /// <summary>Stops it as an operator would, and starts it again on the same store.</summary>
    Task RestartAsync();
}
