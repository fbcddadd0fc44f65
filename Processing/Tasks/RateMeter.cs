namespace Orleans.Pipeline.Tasks;

/// <summary>Measures counts per second, over the last ten whole seconds and the current one (fewer after a start).</summary>
internal sealed class RateMeter
{
    private const int Seconds = 10;

    private readonly long[] _counts = new long[Seconds + 1];
    private readonly TimeProvider _timeProvider;
    private readonly long _start;
    private long _newest;

    public RateMeter(TimeProvider timeProvider)
    {
        _timeProvider = timeProvider;
        _start = timeProvider.GetTimestamp();
    }

    public void Add(long count)
    {
        Advance();
        _counts[_newest % _counts.Length] += count;
    }

    public double PerSecond()
    {
        Advance();
        var first = Math.Max(_newest - Seconds, 0);
        var sum = 0L;
        for (var second = first; second <= _newest; second++)
        {
            sum += _counts[second % _counts.Length];
        }

        return sum / Math.Max(_timeProvider.GetElapsedTime(_start).TotalSeconds - first, 1);
    }

    private void Advance()
    {
        var now = (long)_timeProvider.GetElapsedTime(_start).TotalSeconds;
        for (var passed = Math.Min(now - _newest, _counts.Length); passed > 0; passed--)
        {
            _counts[(now - passed + 1) % _counts.Length] = 0;
        }

        _newest = Math.Max(now, _newest);
    }
}
