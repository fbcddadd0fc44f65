using Microsoft.Extensions.Logging;

namespace Orleans.Pipeline.Tasks;

/// <summary>
/// Makes the commits of a task. A topic that the task writes and that was deleted beside the engine is created again, with as many
/// partitions as before, so that the task does not stand still.
/// </summary>
/// <param name="committer">Makes the commits.</param>
/// <param name="log">Creates the topics.</param>
/// <param name="outputs">The topics that the task writes, dead letters included, with their numbers of partitions.</param>
/// <param name="logger">Logs each topic that was missing.</param>
internal sealed partial class OutputKeeper(
    ICommitter committer, ITopicLog log, IReadOnlyDictionary<TopicName, int> outputs, ILogger logger) : ICommitter
{
    public async ValueTask CommitAsync(Commit commit, CancellationToken cancellationToken = default)
    {
        try
        {
            await committer.CommitAsync(commit, cancellationToken);
        }
        catch (UnknownTopicException missing) when (outputs.TryGetValue(missing.Topic, out var partitions))
        {
            await log.CreateTopicAsync(missing.Topic, new TopicSettings { Partitions = partitions }, cancellationToken);
            LogMadeAgain(logger, missing.Topic, commit.Task, partitions);
            await committer.CommitAsync(commit, cancellationToken);
        }
    }

    [LoggerMessage(
        12,
        LogLevel.Warning,
        "Topic {Topic}, which task {Task} writes, was missing. It was created again with {Partitions} partitions and default settings.")]
    private static partial void LogMadeAgain(ILogger logger, TopicName topic, TaskId task, int partitions);
}
