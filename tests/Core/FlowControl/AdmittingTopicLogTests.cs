using Microsoft.Extensions.Time.Testing;
using Orleans.Pipeline.FlowControl;

namespace Orleans.Pipeline.Core.Tests.FlowControl;

public sealed class AdmittingTopicLogTests
{
    private static readonly TopicName Orders = "orders";
    private static readonly TopicName Payments = "payments";
    private static readonly TopicSettings Settings = new() { LagLimit = 100 };

    private readonly FakeTimeProvider _time = new();
    private readonly CountingTopicLog _beneath = new(Description(Orders), Description(Payments));
    private readonly Dictionary<TopicName, long> _lags = new() { [Orders] = 0, [Payments] = 0 };
    private readonly AdmittingTopicLog _log;
    private int _lookUps;

    public AdmittingTopicLogTests() => _log = NewLog(LagOf);

    [Fact]
    public async Task An_append_at_the_limit_is_admitted()
    {
        _lags[Orders] = 100;

        var appended = await AppendAsync(Orders);

        Assert.Equal(new AppendResult(0, 1, IsRepeat: false), appended);
    }

    [Fact]
    public async Task An_append_over_the_limit_is_pushed_back_and_reaches_nothing()
    {
        _lags[Orders] = 101;

        var refused = await Assert.ThrowsAsync<BackpressureException>(() => AppendAsync(Orders));

        Assert.Equal(Orders, refused.Topic);
        Assert.Contains("101", refused.Message);
        Assert.Equal(0, _beneath.Appends);
    }

    [Theory]
    [InlineData(101, 257)]
    [InlineData(150, 625)]
    [InlineData(200, 1000)]
    [InlineData(1_000_000, 1000)]
    public async Task The_further_over_the_limit_the_longer_the_retry(long lag, int milliseconds)
    {
        _lags[Orders] = lag;

        var refused = await Assert.ThrowsAsync<BackpressureException>(() => AppendAsync(Orders));

        Assert.Equal(milliseconds, (int)refused.RetryAfter.TotalMilliseconds);
    }

    [Fact]
    public async Task A_topic_over_its_limit_pushes_back_no_other()
    {
        _lags[Orders] = 101;

        await Assert.ThrowsAsync<BackpressureException>(() => AppendAsync(Orders));
        await AppendAsync(Payments);

        Assert.Equal(1, _beneath.Appends);
    }

    [Fact]
    public async Task The_lag_is_looked_up_once_in_100_ms()
    {
        await AppendAsync(Orders);
        _lags[Orders] = 101;
        _time.Advance(TimeSpan.FromMilliseconds(99));
        await AppendAsync(Orders);
        Assert.Equal(1, _lookUps);

        _time.Advance(TimeSpan.FromMilliseconds(1));
        await Assert.ThrowsAsync<BackpressureException>(() => AppendAsync(Orders));
        Assert.Equal(2, _lookUps);
    }

    [Fact]
    public async Task Appends_are_admitted_again_once_the_lag_has_fallen()
    {
        _lags[Orders] = 101;
        await Assert.ThrowsAsync<BackpressureException>(() => AppendAsync(Orders));

        _lags[Orders] = 100;
        _time.Advance(TimeSpan.FromMilliseconds(100));

        await AppendAsync(Orders);
    }

    [Fact]
    public async Task One_append_looks_the_lag_up_while_the_others_go_by_the_last_answer()
    {
        var answer = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        var lookUps = 0;
        var log = NewLog((_, _) => lookUps++ == 0 ? new(0) : new(answer.Task));
        await log.AppendAsync(new(Orders, 0), Batch());
        _time.Advance(TimeSpan.FromMilliseconds(100));

        var waiting = log.AppendAsync(new(Orders, 0), Batch()).AsTask();
        _time.Advance(TimeSpan.FromSeconds(5));
        var other = log.AppendAsync(new(Orders, 0), Batch());

        Assert.True(other.IsCompletedSuccessfully);
        Assert.False(waiting.IsCompleted);
        Assert.Equal(2, lookUps);
        answer.SetResult(101);
        await Assert.ThrowsAsync<BackpressureException>(() => waiting);
    }

    [Fact]
    public async Task A_lag_that_cannot_be_looked_up_fails_that_append_and_is_looked_up_again_later()
    {
        var fails = true;
        var log = NewLog((_, _) => fails ? throw new StoreUnavailableException("The disk is full.") : new(0));

        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await log.AppendAsync(new(Orders, 0), Batch()));
        fails = false;
        _time.Advance(TimeSpan.FromMilliseconds(100));

        await log.AppendAsync(new(Orders, 0), Batch());
    }

    [Fact]
    public async Task An_unknown_topic_is_refused_by_the_log_beneath_and_its_lag_never_asked_for()
    {
        await Assert.ThrowsAsync<UnknownTopicException>(() => AppendAsync("nowhere"));
        await Assert.ThrowsAsync<UnknownTopicException>(() => AppendAsync("nowhere"));

        Assert.Equal(0, _lookUps);
    }

    private static TopicDescription Description(TopicName topic) => new(topic, Settings, DateTimeOffset.UnixEpoch);

    private static RecordBatch Batch()
    {
        var builder = new RecordBatchBuilder();
        builder.Append([], "value"u8, timestamp: 0);
        return builder.Build();
    }

    private AdmittingTopicLog NewLog(Func<TopicName, CancellationToken, ValueTask<long>> lagOf) =>
        new(_beneath, new TopicAdmission(_beneath, lagOf, _time));

    private Task<AppendResult> AppendAsync(TopicName topic) => _log.AppendAsync(new(topic, 0), Batch()).AsTask();

    private ValueTask<long> LagOf(TopicName topic, CancellationToken cancellationToken)
    {
        _lookUps++;
        return new(_lags[topic]);
    }
}
