using Microsoft.Extensions.Time.Testing;
using Orleans.Pipeline.Tasks;

namespace Orleans.Pipeline.Processing.Tests.Tasks;

public sealed class RateMeterTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly RateMeter _rate;

    public RateMeterTests() => _rate = new RateMeter(_time);

    [Fact]
    public void In_the_first_second_it_is_what_was_counted_so_far()
    {
        _rate.Add(30);
        _time.Advance(TimeSpan.FromSeconds(0.5));
        _rate.Add(12);

        Assert.Equal(42, _rate.PerSecond());
    }

    [Fact]
    public void The_second_that_runs_counts_for_as_long_as_it_runs()
    {
        _rate.Add(100);
        _time.Advance(TimeSpan.FromSeconds(1));
        _rate.Add(50);
        Assert.Equal(150, _rate.PerSecond());

        _time.Advance(TimeSpan.FromSeconds(0.5));
        Assert.Equal(100, _rate.PerSecond());
    }

    [Fact]
    public void It_is_the_mean_of_the_last_ten_seconds()
    {
        for (var second = 0; second < 25; second++)
        {
            _rate.Add(second);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(Enumerable.Range(15, 10).Average(), _rate.PerSecond());
    }

    [Theory]
    [InlineData(11)]
    [InlineData(1_000_000)]
    public void After_a_silence_it_is_zero_and_counts_anew(int seconds)
    {
        _rate.Add(100);
        _time.Advance(TimeSpan.FromSeconds(seconds));
        Assert.Equal(0, _rate.PerSecond());

        _rate.Add(50);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(5, _rate.PerSecond());
    }
}
