using Microsoft.Extensions.Time.Testing;
using Orleans.Pipeline.Tasks;

namespace Orleans.Pipeline.Processing.Tests.Tasks;

public sealed class CommitPacerTests : IDisposable
{
    private static readonly PipelineProfile Profile =
        PipelineProfile.Balanced with { CommitInterval = TimeSpan.FromMilliseconds(20), CommitBytes = 1000 };

    private readonly FakeTimeProvider _time = new();
    private readonly CommitPacer _pacer;
    private int _calls;

    public CommitPacerTests() => _pacer = new CommitPacer(Profile, readAheadBytes: 10_000, _time, () => _calls++);

    public void Dispose() => _pacer.Dispose();

    [Fact]
    public void A_commit_is_due_when_the_interval_since_the_last_one_is_over()
    {
        _pacer.Committed();
        _time.Advance(TimeSpan.FromMilliseconds(19));
        Assert.False(_pacer.IsDue());

        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(_pacer.IsDue());
    }

    [Fact]
    public void A_task_that_was_idle_for_an_interval_commits_at_once()
    {
        _pacer.Committed();
        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.True(_pacer.IsDue());
    }

    [Fact]
    public void Whoever_asks_too_early_is_called_when_it_is_due()
    {
        _pacer.Committed();
        _time.Advance(TimeSpan.FromMilliseconds(12.5));
        Assert.False(_pacer.IsDue());

        _time.Advance(TimeSpan.FromMilliseconds(7));
        Assert.Equal(0, _calls);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, _calls);
        Assert.True(_pacer.IsDue());
    }

    [Fact]
    public void Nobody_is_called_after_a_dispose()
    {
        _pacer.Committed();
        Assert.False(_pacer.IsDue());
        _pacer.Dispose();

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(0, _calls);
    }

    [Theory]
    [InlineData(999, false)]
    [InlineData(1000, true)]
    public void The_commit_bytes_of_the_profile_are_enough(long bytes, bool enough) => Assert.Equal(enough, _pacer.IsEnough(bytes));

    [Theory]
    [InlineData(149, false)]
    [InlineData(150, true)]
    public void Half_of_a_small_read_ahead_is_enough_so_that_reading_goes_on_meanwhile(long bytes, bool enough)
    {
        using var pacer = new CommitPacer(Profile, readAheadBytes: 300, _time, () => { });

        Assert.Equal(enough, pacer.IsEnough(bytes));
    }

    [Fact]
    public void Values_for_a_sink_that_wants_large_deliveries_wait_from_the_first_on()
    {
        var pace = new DeliveryPace(Bytes: 5000, TimeSpan.FromSeconds(5));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.False(_pacer.IsDue(pace));

        _time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(_pacer.IsDue(pace));
        Assert.Equal(0, _calls);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(1, _calls);
        Assert.True(_pacer.IsDue(pace));

        _pacer.Committed();
        Assert.False(_pacer.IsDue(pace));
    }

    [Theory]
    [InlineData(3000, 2999, false)]
    [InlineData(3000, 3000, true)]
    [InlineData(50_000, 4999, false)]
    [InlineData(50_000, 5000, true)]
    public void Such_a_sink_has_enough_at_its_own_size_or_at_half_the_read_ahead(long size, long bytes, bool enough) =>
        Assert.Equal(enough, _pacer.IsEnough(bytes, new DeliveryPace(size, TimeSpan.FromSeconds(5))));

    [Fact]
    public void Nothing_is_never_enough()
    {
        using var pacer = new CommitPacer(Profile, readAheadBytes: 1, _time, () => { });

        Assert.False(pacer.IsEnough(0));
        Assert.True(pacer.IsEnough(1));
    }

    [Fact]
    public void Without_an_interval_a_commit_is_always_due()
    {
        using var pacer = new CommitPacer(PipelineProfile.LowLatency, readAheadBytes: 10_000, _time, () => { });
        pacer.Committed();

        Assert.True(pacer.IsDue());
    }
}
