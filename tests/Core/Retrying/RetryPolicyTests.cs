using Microsoft.Extensions.Time.Testing;
using Orleans.Pipeline.Retrying;

namespace Orleans.Pipeline.Core.Tests.Retrying;

public sealed class RetryPolicyTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Delays_double_with_a_fifth_of_jitter()
    {
        var policy = Policy(new Random(1));

        foreach (var failures in Enumerable.Range(1, 6))
        {
            var nominal = TimeSpan.FromMilliseconds(100) * (1 << (failures - 1));
            var delays = Enumerable.Range(0, 200).Select(_ => policy.DelayAfter(failures)).ToList();
            Assert.All(delays, delay => Assert.InRange(delay, nominal * 0.8, nominal * 1.2));
            Assert.True(delays.Max() - delays.Min() > nominal * 0.3, $"The delays after {failures} failures do not vary.");
        }
    }

    [Theory]
    [InlineData(7)]
    [InlineData(100)]
    [InlineData(int.MaxValue)]
    public void No_delay_exceeds_the_maximum(int failures)
    {
        var policy = Policy(new Random(1));

        Assert.All(
            Enumerable.Range(0, 200), _ => Assert.InRange(policy.DelayAfter(failures), TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public void The_same_seed_gives_the_same_delays() => Assert.Equal(
        Enumerable.Range(1, 20).Select(Policy(new Random(7)).DelayAfter), Enumerable.Range(1, 20).Select(Policy(new Random(7)).DelayAfter));

    [Fact]
    public void An_initial_delay_of_zero_stays_zero() => Assert.Equal(
        TimeSpan.Zero, new RetryPolicy { InitialDelay = TimeSpan.Zero, MaximumDelay = TimeSpan.FromDays(1) }.DelayAfter(100));

    [Fact]
    public void A_longer_delay_that_the_error_asks_for_is_granted()
    {
        var policy = new RetryPolicy
        {
            InitialDelay = TimeSpan.FromSeconds(1),
            MaximumDelay = TimeSpan.FromSeconds(1),
            RequestedDelay = static error => error is TimeoutException ? TimeSpan.FromMinutes(1) : TimeSpan.Zero,
        };

        Assert.Equal(TimeSpan.FromMinutes(1), policy.DelayAfter(1, new TimeoutException()));
        Assert.InRange(policy.DelayAfter(1, new IOException()), TimeSpan.FromSeconds(0.8), TimeSpan.FromSeconds(1));
    }

    [Fact]
    public Task An_action_is_repeated_after_delays_until_it_succeeds() => Task.Run(async () =>
    {
        var attempts = 0;

        var result = Policy(new Random(1)).ExecuteAsync(
            (limit, _) => ++attempts < limit ? throw new IOException("not now") : ValueTask.FromResult("done"),
            3,
            CancellationToken.None).AsTask();
        _time.Advance(TimeSpan.FromMilliseconds(60));
        Assert.Equal(1, attempts);
        _time.Advance(TimeSpan.FromMilliseconds(60));
        Assert.Equal(2, attempts);
        _time.Advance(TimeSpan.FromMilliseconds(240));
        Assert.Equal(3, attempts);

        Assert.Equal("done", await result);
    });

    [Fact]
    public Task An_action_is_repeated_after_the_longer_delay_that_its_error_asks_for() => Task.Run(async () =>
    {
        var attempts = 0;
        var policy = new RetryPolicy
        {
            InitialDelay = TimeSpan.FromSeconds(1),
            MaximumDelay = TimeSpan.FromSeconds(1),
            RequestedDelay = static error => error is TimeoutException ? TimeSpan.FromMinutes(1) : null,
            TimeProvider = _time,
        };

        var result = policy.ExecuteAsync(
            (limit, _) => ++attempts < limit ? throw new TimeoutException("not now") : ValueTask.FromResult("done"),
            2,
            CancellationToken.None).AsTask();
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(1, attempts);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("done", await result);
    });

    [Fact]
    public async Task An_error_that_is_not_transient_ends_the_attempts()
    {
        var attempts = 0;

        await Assert.ThrowsAsync<OperationCanceledException>(async () => await Policy(new Random(1)).ExecuteAsync<int, int>(
            (_, _) => throw new OperationCanceledException($"{++attempts}"), 0, CancellationToken.None));

        Assert.Equal(1, attempts);
    }

    [Fact]
    public async Task A_cancellation_ends_a_delay()
    {
        using var stop = new CancellationTokenSource();
        var result = Policy(new Random(1)).ExecuteAsync<int, int>((_, _) => throw new IOException("not now"), 0, stop.Token).AsTask();

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => result);
    }

    private RetryPolicy Policy(Random random) => new()
    {
        InitialDelay = TimeSpan.FromMilliseconds(100),
        MaximumDelay = TimeSpan.FromSeconds(5),
        TimeProvider = _time,
        Random = random,
    };
}
