using Orleans.Pipeline.Dashboard.History;

namespace Orleans.Pipeline.Dashboard.Tests.Figures;

public sealed class SeriesTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Series _series = new();

    [Fact]
    public void The_last_five_minutes_are_kept_second_by_second()
    {
        for (var second = 0; second < 1000; second++)
        {
            _series.Add(Start.AddSeconds(second), second);
        }

        Assert.Equal(
            Enumerable.Range(700, 300).Select(second => (float)second), _series.Read(TimeRange.FiveMinutes, Start.AddSeconds(999)));
    }

    [Fact]
    public void The_last_hour_is_kept_in_means_of_ten_seconds()
    {
        for (var second = 0; second < 7200; second++)
        {
            _series.Add(Start.AddSeconds(second), second);
        }

        var hour = _series.Read(TimeRange.Hour, Start.AddSeconds(7199));

        Assert.Equal(360, hour.Length);
        Assert.Equal(3604.5f, hour[0]);
        Assert.Equal(7194.5f, hour[^1]);
        Assert.Equal(hour[^90..], _series.Read(TimeRange.QuarterHour, Start.AddSeconds(7199)));
    }

    [Fact]
    public void Seconds_in_which_nothing_was_measured_have_no_value()
    {
        _series.Add(Start, 1);
        _series.Add(Start.AddSeconds(400), 2);

        var values = _series.Read(TimeRange.FiveMinutes, Start.AddSeconds(401));

        Assert.Equal(1, values.Count(value => !float.IsNaN(value)));
        Assert.Equal(2, values[^2]);
        Assert.True(float.IsNaN(values[^1]));
    }

    [Fact]
    public void What_is_told_as_recent_is_the_mean_of_the_last_seconds()
    {
        Assert.Equal(0, _series.Recent(Start));
        _series.Add(Start, 100);
        _series.Add(Start.AddSeconds(8), 10);
        _series.Add(Start.AddSeconds(10), 20);

        Assert.Equal(15, _series.Recent(Start.AddSeconds(10)));
    }
}
