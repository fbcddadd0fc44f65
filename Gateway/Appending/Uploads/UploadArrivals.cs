using System.IO.Pipelines;
using Orleans.Pipeline.Gateway.Problems;

namespace Orleans.Pipeline.Gateway.Appending.Uploads;

/// <summary>
/// The body of an upload as it arrives. A body that sends a line from time to time may take as long as it likes; one that stalls is
/// refused. The server's own minimum rate is off for it, because a quiet producer is not a slow client.
/// </summary>
internal sealed class UploadArrivals(PipeReader body, UploadContext around)
{
    private readonly TimeSpan _timeout = around.Settings.Limits.UploadLineTimeout;
    private readonly long _bytesInTime =
        Math.Max(1, (long)(around.Settings.Limits.RequestBytesPerSecond * around.Settings.Limits.UploadLineTimeout.TotalSeconds));
    private Task<ReadResult>? _reading;
    private long _mark = around.Time.GetTimestamp();
    private long _leftAtMark;
    private long _left;

    /// <summary>Reads what has arrived since the last read.</summary>
    /// <param name="patience">How long to wait for it; null for as long as the body does not stall.</param>
    /// <param name="cancellationToken">Ends the wait, and the same for each read.</param>
    /// <returns>What has arrived; null if nothing did in that time.</returns>
    /// <exception cref="StalledUploadException">Neither a whole line nor much of one arrived for too long.</exception>
    public async ValueTask<ReadResult?> ReadAsync(TimeSpan? patience, CancellationToken cancellationToken)
    {
        if (_reading is null)
        {
            var read = body.ReadAsync(cancellationToken);
            if (read.IsCompleted)
            {
                return await read;
            }

            _reading = read.AsTask();
        }

        var wait = _timeout - around.Time.GetElapsedTime(_mark);
        await WaitAsync(_reading, patience < wait ? patience.Value : wait);
        if (_reading.IsCompleted)
        {
            var arrived = await _reading;
            _reading = null;
            return arrived;
        }

        CheckPace();
        return null;
    }

    /// <summary>Gives back what was read and not taken.</summary>
    /// <param name="start">Where what was not taken begins.</param>
    /// <param name="end">Where what was looked at ends.</param>
    /// <param name="left">The bytes that were not taken.</param>
    /// <param name="hasLine">Whether a whole line was taken.</param>
    public void AdvanceTo(SequencePosition start, SequencePosition end, long left, bool hasLine)
    {
        body.AdvanceTo(start, end);
        _left = left;
        if (hasLine)
        {
            Resume();
        }
    }

    /// <summary>Counts from now on how long the body may stall, such as after a wait for the log.</summary>
    public void Resume() => (_mark, _leftAtMark) = (around.Time.GetTimestamp(), _left);

    /// <summary>Waits until no read is in flight, after its token was cancelled. The server drains the rest of the body alone.</summary>
    public async Task EndAsync()
    {
        if (_reading is { } reading)
        {
            await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task WaitAsync(Task reading, TimeSpan time)
    {
        // Rounded up to the clock's milliseconds, so that a wait does not end just before its time.
        var milliseconds = Math.Ceiling(time.TotalMilliseconds);
        if (milliseconds > 0)
        {
            await reading.WaitAsync(TimeSpan.FromMilliseconds(milliseconds), around.Time)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void CheckPace()
    {
        if (around.Time.GetElapsedTime(_mark) < _timeout)
        {
            return;
        }

        if (_left - _leftAtMark < _bytesInTime)
        {
            throw new StalledUploadException(_timeout);
        }

        Resume();
    }
}
