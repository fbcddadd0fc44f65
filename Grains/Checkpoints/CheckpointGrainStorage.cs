using System.Globalization;
using Orleans.Storage;

namespace Orleans.Pipeline.Grains.Checkpoints;

/// <summary>
/// Keeps the state of partition grains in the checkpoint store. The ETag is <c>epoch/next offset</c>. A read raises the epoch. A write
/// under an older epoch or from another offset fails as inconsistent and changes nothing.
/// </summary>
internal sealed class CheckpointGrainStorage(ICheckpointStore checkpoints, ITopicStore topics, StagePrograms stages) : IGrainStorage
{
    public const string Name = "pipeline-checkpoints";

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (!stages.TryFind(grainId.Key.ToString()!, out var task))
        {
            throw new UnknownTaskException(new TaskId(grainId.Key.ToString()!, "", 0));
        }

        var bounds = await topics.GetBoundsAsync(task.Source);
        var start = task.Stage.Start == StartPosition.Start ? bounds.Start : bounds.End;
        var checkpoint = await checkpoints.TakeOverAsync(task.Id, task.Source, start);
        StateOf(grainState).Checkpoint = checkpoint;
        (grainState.ETag, grainState.RecordExists) = (TagOf(checkpoint.Epoch, checkpoint.NextOffset), true);
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var state = StateOf(grainState);
        var commit = state.Pending ?? throw new InvalidOperationException($"The state of '{grainId}' holds nothing to commit.");
        if (grainState.ETag != TagOf(commit.Epoch, commit.FirstOffset))
        {
            throw new InconsistentStateException(
                "The commit does not follow the state.", grainState.ETag, TagOf(commit.Epoch, commit.FirstOffset));
        }

        try
        {
            await checkpoints.CommitAsync(commit);
        }
        catch (TaskFencedException fenced)
        {
            throw new InconsistentStateException(fenced.Message, fenced);
        }

        state.Checkpoint =
            state.Checkpoint with { NextOffset = commit.NextOffset, DeadLetters = state.Checkpoint.DeadLetters + commit.DeadLetters };
        state.Pending = null;
        grainState.ETag = TagOf(commit.Epoch, commit.NextOffset);
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        throw new NotSupportedException("A checkpoint is never cleared; seek the pipeline instead.");

    private static TaskState StateOf<T>(IGrainState<T> state) => state.State as TaskState
        ?? throw new NotSupportedException($"The storage '{Name}' keeps {nameof(TaskState)} only, not {typeof(T).Name}.");

    private static string TagOf(long epoch, long nextOffset) => string.Create(CultureInfo.InvariantCulture, $"{epoch}/{nextOffset}");
}

/// <summary>The state of a partition grain. Reading it takes the task over; writing it makes the pending commit.</summary>
internal sealed class TaskState
{
    /// <summary>Gets or sets the task's checkpoint under this activation's epoch.</summary>
    public Checkpoint Checkpoint { get; set; } = null!;

    /// <summary>Gets or sets the commit that the next write makes, together with the new offset.</summary>
    public Commit? Pending { get; set; }
}
