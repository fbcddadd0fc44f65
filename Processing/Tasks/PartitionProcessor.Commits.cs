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
                if (await TryCommitAsync(group) is { } refusal)
                {
                    await CommitInHalvesAsync(group, new(group.FirstOffset, group.NextOffset), group, refusal);
                }

                _pacer.Committed();
                _readAhead.Release(group.Bytes);
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
        while (!_pacer.IsEnough(group.Bytes, group.Pace))
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

            if (!group.IsEmpty && (draining || _pacer.IsDue(group.Pace) || (_isFull && group.Pace is not null)))
            {
                return group;
            }

            await _changed.WaitAsync();
        }

        return group;
    }

    /// <summary>Delivers and commits.</summary>
    /// <returns>Null, or why the store refuses a row: then nothing was committed.</returns>
    private async ValueTask<TableRowException?> TryCommitAsync(CommitGroup group)
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
        var refusal = await _patience.ExecuteAsync(
            static async (state, token) =>
            {
                try
                {
                    await state.Committer.CommitAsync(state.Commit, token);
                    return null;
                }
                catch (TableRowException refused)
                {
                    return refused;
                }
            },
            (_settings.Committer, Commit: commit),
            _stopping.Token);
        if (refusal is null)
        {
            // (6) Publish the new offset. The room is released once the whole group is committed.
            Progress.Committed(group, written);
            Note(group, written, began, delivered);
        }

        return refusal;
    }

    /// <summary>
    /// Commits a range that was refused: its halves one after the other, each with the steps run again and in a transaction of its own, so
    /// that the record at fault among a thousand is alone after ten refusals. That record becomes a dead letter.
    /// </summary>
    /// <param name="group">The group of the range, for its batches.</param>
    /// <param name="range">The range.</param>
    /// <param name="refused">What was delivered of the range, and not committed.</param>
    /// <param name="refusal">Why it was refused.</param>
    private async ValueTask CommitInHalvesAsync(CommitGroup group, OffsetRange range, CommitGroup refused, TableRowException refusal)
    {
        await _patience.ExecuteAsync(
            static async (state, token) =>
            {
                await state.Refused.ReopenAsync(state.Id, token);
                return true;
            },
            (Refused: refused, Id),
            _stopping.Token);
        if (range.Count == 1)
        {
            await TryCommitAsync(await RunAgainAsync(group, range, refusal));
            return;
        }

        var middle = range.First + (range.Count / 2);
        foreach (var half in (OffsetRange[])[new(range.First, middle), new(middle, range.Next)])
        {
            var part = await RunAgainAsync(group, half);
            if (await TryCommitAsync(part) is { } again)
            {
                await CommitInHalvesAsync(group, half, part, again);
            }
        }
    }

    /// <summary>Runs the steps over a range of a group again, or makes dead letters of its records.</summary>
    private async ValueTask<CommitGroup> RunAgainAsync(CommitGroup group, OffsetRange range, TableRowException? refusal = null)
    {
        var part = new CommitGroup();
        foreach (var whole in group.Batches)
        {
            var (first, next) = (Math.Max(whole.FirstOffset, range.First), Math.Min(whole.NextOffset, range.Next));
            if (first < next)
            {
                var bytes = (int)(whole.Bytes * (next - first) / (whole.NextOffset - whole.FirstOffset));
                var work = whole.Source is { } batch
                    ? WorkAsync(batch, (int)(first - batch.BaseOffset), (int)(next - first), refusal: refusal)
                    : null;
                await part.AddAsync(whole with { FirstOffset = first, NextOffset = next, Bytes = bytes, Work = work });
            }
        }

        return part;
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
