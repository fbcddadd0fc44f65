using Orleans.Pipeline.Sinks;

namespace Orleans.Pipeline.Tasks;

/// <content>The commit loop: steps (3) to (6) of the drawing.</content>
internal sealed partial class PartitionProcessor
{
    private async Task CommitLoopAsync()
    {
        try
        {
            // (3) Take finished batches in offset order, and gather some for one commit.
            while (await GatherAsync() is { } group)
            {
                await CommitAsync(group);
            }
        }
        catch (Exception error)
        {
            if (error is TaskFencedException)
            {
                _telemetry.NoteFencing();
            }

            _stopping.Token.ThrowIfCancellationRequested();
            Progress.Error = error.Message;
            throw;
        }
        finally
        {
            _stopping.Cancel();
            _readAhead.Complete();
            _pacer.Dispose();
        }
    }

    /// <summary>Takes finished batches in offset order until a commit is due. Returns null when the task has drained.</summary>
    private async ValueTask<CommitGroup?> GatherAsync()
    {
        var group = _gathered = new CommitGroup();
        while (!_pacer.IsEnough(group.Bytes))
        {
            _stopping.Token.ThrowIfCancellationRequested();
            var draining = _draining;
            if (!_pending.TryPeek(out var next))
            {
                if (draining)
                {
                    return group.IsEmpty ? null : group;
                }
            }
            else if (next.IsFinished)
            {
                _pending.TryDequeue(out _);
                await group.AddAsync(next);
                continue;
            }

            if (!group.IsEmpty && (draining || _pacer.IsDue()))
            {
                return group;
            }

            await _changed.WaitAsync();
        }

        return group;
    }

    private async ValueTask CommitAsync(CommitGroup group)
    {
        using var span = _telemetry.Spans.StartCommit(group);
        var began = _settings.TimeProvider.GetTimestamp();

        // (4) Deliver to sinks outside the database.
        await _patience.ExecuteAsync(
            static async (state, token) =>
            {
                await state.Group.DeliverAsync(state.Id, token);
                return true;
            },
            (Group: group, Id),
            _stopping.Token);
        var delivered = _settings.TimeProvider.GetTimestamp();

        // (5) Commit next offset, outputs and tables in one transaction.
        var (commit, written) = group.ToCommit(Id, _epoch);
        await _patience.ExecuteAsync(
            static async (state, token) =>
            {
                await state.Committer.CommitAsync(state.Commit, token);
                return true;
            },
            (_settings.Committer, Commit: commit),
            _stopping.Token);

        // (6) Release the room and publish the new offset.
        _pacer.Committed();
        Progress.Committed(group, written);
        _readAhead.Release(group.Bytes);
        Note(group, written, began, delivered);
    }

    private void Note(CommitGroup group, IReadOnlyList<SinkVolume> written, long began, long delivered)
    {
        if (group.IsDelivered)
        {
            _telemetry.NoteDelivery(_settings.TimeProvider.GetElapsedTime(began, delivered));
        }

        _telemetry.NoteCommit(
            group, written, _settings.TimeProvider.GetElapsedTime(delivered), _settings.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds());
    }
}
