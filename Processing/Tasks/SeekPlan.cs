namespace Orleans.Pipeline.Tasks;

/// <summary>Determines the tasks that a seek moves and their offsets. Refuses the whole seek if one task cannot be moved.</summary>
internal sealed class SeekPlan(PipelineDefinition pipeline, Func<TopicName, int> partitionsOf, ITopicLog log)
{
    public async ValueTask<IReadOnlyList<(TaskId Task, long Offset)>> MakeAsync(SeekTarget target, CancellationToken cancellationToken)
    {
        var stage = target.Stage is null ? pipeline.Stages[0] : pipeline.FindStage(target.Stage)
            ?? throw Invalid(
                $"it has no stage '{target.Stage}'. Its stages: '{string.Join("', '", pipeline.Stages.Select(stage => stage.Name))}'.");
        var partitions = partitionsOf(stage.Source);
        if (target.Partition is { } partition && (partition < 0 || partition >= partitions))
        {
            throw Invalid($"stage '{stage.Name}' has {partitions} partitions; partition {partition} does not exist.");
        }

        var moves = new List<(TaskId, long)>();
        foreach (var moved in target.Partition is { } only ? [only] : Enumerable.Range(0, partitions))
        {
            moves.Add((
                new TaskId(pipeline.Name, stage.Name, moved),
                await OffsetOfAsync(new TopicPartition(stage.Source, moved), target, cancellationToken)));
        }

        return moves;
    }

    private async ValueTask<long> OffsetOfAsync(TopicPartition source, SeekTarget target, CancellationToken cancellationToken)
    {
        var bounds = await log.GetBoundsAsync(source, cancellationToken);
        return target.Position switch
        {
            SeekPosition.Start => bounds.Start,
            SeekPosition.End => bounds.End,
            SeekPosition.Time => await log.FindOffsetAsync(source, target.Time ?? throw Invalid("no time was given."), cancellationToken),
            SeekPosition.Offset when target.Offset is null => throw Invalid("no offset was given."),
            SeekPosition.Offset when target.Offset < bounds.Start || target.Offset > bounds.End =>
                throw Invalid($"partition {source} holds offsets {bounds.Start} to {bounds.End} (exclusive); {target.Offset} is outside."),
            SeekPosition.Offset => target.Offset.Value,
            _ => throw Invalid($"'{target.Position}' is not a position."),
        };
    }

    private InvalidSeekException Invalid(string fault) => new(pipeline.Name, fault);
}
