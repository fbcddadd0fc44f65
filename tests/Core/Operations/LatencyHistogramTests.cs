using Orleans.Pipeline.Operations;

namespace Orleans.Pipeline.Core.Tests.Operations;

public sealed class LatencyHistogramTests
{
    private readonly LatencyHistogram _histogram = new();

    [Fact]
    public void Without_records_every_percentile_is_zero() => Assert.Equal(new LatencyStatus(0, 0, 0, 0), _histogram.ToStatus());

    [Fact]
    public void Values_below_64_ms_are_exact()
    {
        for (var value = 0; value < 64; value++)
        {
            var histogram = new LatencyHistogram();
            histogram.Record(value, 1);
            histogram.Record(1000, 1);

            Assert.Equal(value, histogram.Percentile(0.5));
        }
    }

    [Fact]
    public void A_percentile_is_never_too_low_and_at_most_3_2_percent_too_high()
    {
        for (var value = 64L; value < uint.MaxValue; value += (value / 97) + 1)
        {
            var histogram = new LatencyHistogram();
            histogram.Record(value, 1);
            histogram.Record(uint.MaxValue, 1);

            Assert.InRange(histogram.Percentile(0.5), value, value * 1.032);
        }
    }

    [Fact]
    public void Percentiles_of_many_values_lie_where_they_should()
    {
        for (var value = 1; value <= 10_000; value++)
        {
            _histogram.Record(value, 1);
        }

        Assert.InRange(_histogram.Percentile(0.5), 5_000, 5_000 * 1.032);
        Assert.InRange(_histogram.Percentile(0.99), 9_900, 9_900 * 1.032);
        Assert.Equal(10_000, _histogram.Percentile(1));
        Assert.Equal(10_000, _histogram.Maximum);
        Assert.Equal(10_000, _histogram.Count);
    }

    [Fact]
    public void A_batch_counts_with_all_its_records()
    {
        _histogram.Record(10, 99);
        _histogram.Record(50, 1);

        Assert.Equal((10, 10, 50), (_histogram.Percentile(0.5), _histogram.Percentile(0.99), _histogram.Percentile(0.991)));
    }

    [Fact]
    public void A_clock_that_went_back_counts_as_no_time_and_one_that_jumped_as_the_longest()
    {
        _histogram.Record(-5, 1);
        Assert.Equal(0, _histogram.Percentile(1));

        _histogram.Record(long.MaxValue, 1);
        Assert.Equal(uint.MaxValue, _histogram.Percentile(1));
    }

    [Fact]
    public void Merged_histograms_are_as_one()
    {
        var one = new LatencyHistogram();
        var other = new LatencyHistogram();
        for (var value = 0; value < 1000; value++)
        {
            _histogram.Record(value * value, value);
            (value % 3 == 0 ? one : other).Record(value * value, value);
        }

        one.Add(other);

        Assert.Equal(_histogram.ToStatus(), one.ToStatus());
    }

    [Fact]
    public void Between_two_statuses_only_what_came_after_the_earlier_counts()
    {
        _histogram.Record(5000, 100);
        var earlier = _histogram.ToStatus();
        _histogram.Record(10, 98);
        _histogram.Record(40, 2);

        Assert.Equal(new LatencyStatus(100, 10, 40, 40), _histogram.ToStatus().Since(earlier));
        Assert.Equal(new LatencyStatus(0, 0, 0, 0), _histogram.ToStatus().Since(_histogram.ToStatus()));
        Assert.Equal(_histogram.ToStatus(), _histogram.ToStatus().Since(null));
    }

    [Fact]
    public void A_task_that_began_anew_between_two_statuses_counts_as_unhit_not_below_zero()
    {
        _histogram.Record(10, 50);
        var anew = new LatencyHistogram();
        anew.Record(10, 20);
        anew.Record(30, 1);

        Assert.Equal(new LatencyStatus(1, 30, 30, 30), anew.ToStatus().Since(_histogram.ToStatus()));
    }

    [Fact]
    public void A_status_that_came_over_a_wire_stands_for_itself()
    {
        var status = new LatencyStatus(7, 1, 2, 3);

        Assert.Equal(status, status.Since(new LatencyStatus(6, 1, 2, 3)));
    }
}
