using Orleans.Pipeline.DeadLetters;
using Orleans.Pipeline.Topics;

namespace Orleans.Pipeline.Operations;

/// <summary>Finds the partitions to which one replay of a pipeline appends the records of dead letters.</summary>
internal sealed class ReplayTargets(ITopicStore store, PipelineStatus pipeline, TopicName deadLetters)
{
    private const int BatchBytes = 1 << 20;

    private readonly Dictionary<TopicName, int?> _partitions = [];

    /// <summary>Returns the batches that replay dead letters. Each partition gets its records in the order of the dead letters.</summary>
    /// <param name="letters">The dead letters.</param>
    /// <param name="replayed">The number of dead letters replayed before these, for the error.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="DeadLetterReplayException">A record would reach no stage.</exception>
    public async ValueTask<List<TopicAppend>> AppendsOfAsync(
        IReadOnlyList<DeadLetter> letters, long replayed, CancellationToken cancellationToken)
    {
        var topics = new Dictionary<TopicName, PartitionedBatches>();
        foreach (var letter in letters)
        {
            var partitions = await PartitionsOfAsync(letter.Source.Topic, cancellationToken);
            if (FaultOf(letter, partitions) is { } fault)
            {
                throw new DeadLetterReplayException(deadLetters, letter, fault, replayed);
            }

            if (!topics.TryGetValue(letter.Source.Topic, out var batches))
            {
                // The topic accepted the record before, so its size is not limited again.
                topics.Add(
                    letter.Source.Topic, batches = new(letter.Source.Topic, partitions!.Value, BatchBytes, largest: Array.MaxLength));
            }

            Put(batches, letter);
        }

        var appends = new List<TopicAppend>();
        foreach (var batches in topics.Values)
        {
            batches.AddTo(appends);
        }

        return appends;
    }

    private void Put(PartitionedBatches batches, DeadLetter letter)
    {
        var mark = new ReplayMark(pipeline.Name, letter.Stage, letter.Replays + 1);
        batches.Put(
            letter.Source.Partition,
            letter.Key.GetValueOrDefault().Span,
            letter.Key is not null,
            letter.Value.GetValueOrDefault().Span,
            letter.Value is not null,
            letter.Timestamp.ToUnixTimeMilliseconds(),
            mark.Before(letter.Headers));
        batches.Keep();
    }

    private string? FaultOf(DeadLetter letter, int? partitions)
    {
        var topic = letter.Source.Topic;
        var stage = pipeline.Stages.FirstOrDefault(stage => stage.Name == letter.Stage);
        return stage is null ? $"the pipeline has no stage '{letter.Stage}' any more"
            : stage.Source != topic ? $"its stage '{letter.Stage}' reads topic '{stage.Source}' now, not '{topic}', where it came from"
            : partitions is null ? $"topic '{topic}', where it came from, does not exist any more"
            : letter.Source.Partition >= partitions ? $"it came from partition {letter.Source}, but the topic has {partitions} partitions"
            : null;
    }

    private async ValueTask<int?> PartitionsOfAsync(TopicName topic, CancellationToken cancellationToken)
    {
        if (!_partitions.TryGetValue(topic, out var partitions))
        {
            partitions = (await store.FindTopicAsync(topic, cancellationToken))?.Settings.Partitions;
            _partitions.Add(topic, partitions);
        }

        return partitions;
    }
}
