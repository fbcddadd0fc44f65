using Orleans.Pipeline.Pipelines;
using Orleans.Pipeline.Processing;
using Orleans.Pipeline.Topics;

namespace Orleans.Pipeline.Embedded;

/// <summary>Works out which tasks a seek moves and to which offsets, and refuses it whole if one of them cannot be.</summary>
internal sealed class SeekPlan(PipelineDefinition pipeline, IReadOnlyList<TaskRunner> tasks, ITopicLog log)
{
    public async ValueTask<IReadOnlyList<(TaskRunner Task, long Offset)>> MakeAsync(SeekTarget target, CancellationToken cancellationToken)
    {
        var stage = target.Stage is null ? pipeline.Stages[0] : pipeline.FindStage(target.Stage)
            ?? throw Invalid($"it has no stage '{target.Stage}'. Its stages: '{string.Join("', '", pipeline.Stages.Select(stage => stage.Name))}'.");
        var ofStage = tasks.Where(task => task.Task.Stage == stage.Name).ToList();
        if (target.Partition is { } partition && (partition < 0 || partition >= ofStage.Count))
        {
            throw Invalid($"stage '{stage.Name}' has {ofStage.Count} partitions; partition {partition} does not exist.");
        }

        var moves = new List<(TaskRunner, long)>();
        foreach (var task in ofStage.Where(task => target.Partition is null || task.Task.Partition == target.Partition))
        {
            moves.Add((task, await OffsetOfAsync(task, target, cancellationToken)));
        }

        return moves;
    }

    private async ValueTask<long> OffsetOfAsync(TaskRunner task, SeekTarget target, CancellationToken cancellationToken)
    {
        var bounds = await log.BoundsAsync(task.Source, cancellationToken);
        return target.Position switch
        {
            SeekPosition.Start => bounds.Start,
            SeekPosition.End => bounds.End,
            SeekPosition.Time => await log.OffsetAtAsync(task.Source, target.Time ?? throw Invalid("no time was given."), cancellationToken),
            SeekPosition.Offset when target.Offset is null => throw Invalid("no offset was given."),
            SeekPosition.Offset when target.Offset < bounds.Start || target.Offset > bounds.End =>
                throw Invalid($"partition {task.Source} holds offsets {bounds.Start} to {bounds.End} (exclusive); {target.Offset} is outside."),
            SeekPosition.Offset => target.Offset.Value,
            _ => throw Invalid($"'{target.Position}' is no position."),
        };
    }

    private InvalidSeekException Invalid(string fault) => new(pipeline.Name, fault);
}
