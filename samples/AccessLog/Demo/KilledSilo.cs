using System.Diagnostics;
using System.Globalization;
using Orleans.Pipeline;
using Orleans.Pipeline.Support;
using Spectre.Console;

namespace AccessLog.Demo;

/// <summary>The result of the kill of a silo.</summary>
/// <param name="AfterLines">The number of lines sent before the kill.</param>
/// <param name="Partitions">The partitions with a new owner: those of the silo, and those that moved to give the other silos equal
/// shares.</param>
/// <param name="Seconds">The time from the kill until the last of them was seen with its new owner.</param>
internal sealed record TakeOver(long AfterLines, IReadOnlyList<int> Partitions, double Seconds);

/// <summary>Kills a silo in the middle of a run, and finds the tasks with a new owner. Each new owner raises its task's epoch.</summary>
internal sealed class KilledSilo(HostProcess silo, IAnsiConsole console)
{
    private readonly Lock _lock = new();
    private readonly SortedSet<int> _takenOver = [];
    private Dictionary<int, long> _epochs = [];
    private long _killedAt;
    private long _afterLines;
    private TimeSpan _last;
    private bool _isKilled;

    public TakeOver TakeOver => new(_afterLines, [.. _takenOver], Math.Round(_last.TotalSeconds, 3));

    /// <summary>Kills the process with SIGKILL, at most once.</summary>
    /// <param name="sent">The number of lines sent so far.</param>
    public void Kill(long sent)
    {
        lock (_lock)
        {
            if (_isKilled)
            {
                return;
            }

            silo.Kill();
            (_isKilled, _afterLines, _killedAt) = (true, sent, Stopwatch.GetTimestamp());
        }

        Tell($"Silo process {silo.Id} was killed (SIGKILL) when {sent:N0} lines were sent.");
    }

    /// <summary>Compares the epochs with those before the kill, and prints each partition that has a new owner.</summary>
    /// <param name="status">The present status of the pipeline.</param>
    public void Watch(PipelineStatus status)
    {
        var epochs = status.Stages[0].Tasks.ToDictionary(task => task.Partition, task => task.Epoch);
        List<int> news;
        lock (_lock)
        {
            if (!_isKilled)
            {
                _epochs = epochs;
                return;
            }

            news = [.. epochs.Where(task => task.Value > _epochs.GetValueOrDefault(task.Key) && _takenOver.Add(task.Key)).Select(task => task.Key).Order()];
            if (news.Count == 0)
            {
                return;
            }

            _last = Stopwatch.GetElapsedTime(_killedAt);
        }

        Tell($"{_last.TotalSeconds:0.0} s after the kill: new owners run the partitions {string.Join(", ", news)}.");
    }

    private void Tell(FormattableString news) => console.WriteLine(news.ToString(CultureInfo.InvariantCulture));
}
