using Orleans.Pipeline.Processing.Tests.Simulation;

namespace Orleans.Pipeline.Processing.Tests.Pipelines;

public sealed class RetryTests
{
    private static readonly RetrySettings Retry =
        new() { Attempts = 3, Delay = TimeSpan.FromSeconds(100), MaximumDelay = TimeSpan.FromSeconds(150) };

    private readonly SeededScheduler _scheduler = new(new Random(1));

    public static TheoryData<Exception> PermanentErrors =>
    [
        new PermanentException("bad"),
        new FormatException("bad"),
        new System.Text.Json.JsonException("bad"),
        new ArgumentOutOfRangeException("bad"),
        new DivideByZeroException("bad"),
        new OverflowException("bad"),
        new InvalidCastException("bad"),
        new IndexOutOfRangeException("bad"),
        new KeyNotFoundException("bad"),
        new NullReferenceException("bad"),
        new NotSupportedException("bad"),
        new NotImplementedException("bad"),
    ];

    public static TheoryData<Exception> TransientErrors =>
    [
        new IOException("not now"),
        new TimeoutException("not now"),
        new HttpRequestException("not now"),
        new InvalidOperationException("not now"),
        new OperationCanceledException("too slow"),
        new TaskCanceledException("too slow"),
    ];

    [Theory]
    [MemberData(nameof(PermanentErrors))]
    public async Task A_permanent_error_is_not_retried(Exception error)
    {
        var failing = new Failing(error, times: int.MaxValue);
        var stage = StageOf(failing, Retry);

        var commit = await stage.CommitOfAsync("a");

        Assert.Equal([1], failing.Attempts);
        Assert.Contains($"{DeadLetterHeaders.Attempts}=1", Assert.Single(commit.DeadLettersOf()).Headers);
    }

    [Theory]
    [MemberData(nameof(TransientErrors))]
    public void A_transient_error_is_retried_until_the_record_passes(Exception error)
    {
        var failing = new Failing(error, times: 2);
        var stage = StageOf(failing, Retry);

        Run(stage);

        Assert.Equal([1, 2, 3], failing.Attempts);
        Assert.Equal(["a"], stage.ToCommit().ValuesOf("out"));
    }

    [Fact]
    public void A_record_whose_attempts_are_used_up_is_a_dead_letter_with_the_last_error()
    {
        var failing = new Failing(new IOException("not now"), times: int.MaxValue);
        var stage = StageOf(failing, Retry);

        Run(stage);

        var commit = stage.ToCommit();
        Assert.Equal([1, 2, 3], failing.Attempts);
        Assert.Empty(commit.ValuesOf("out"));
        Assert.Contains($"{DeadLetterHeaders.Attempts}=3", Assert.Single(commit.DeadLettersOf()).Headers);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_attempt_never_retries(bool asynchronous)
    {
        var failing = new Failing(new IOException("not now"), times: int.MaxValue);
        var stage = StageOf(failing, Retry with { Attempts = 1 }, asynchronous);

        var commit = await stage.CommitOfAsync("a");

        Assert.Equal([1], failing.Attempts);
        Assert.Contains($"{DeadLetterHeaders.Attempts}=1", Assert.Single(commit.DeadLettersOf()).Headers);
    }

    [Fact]
    public void An_asynchronous_step_is_retried_like_another()
    {
        var failing = new Failing(
            new TaskCanceledException("The request was canceled due to the configured HttpClient.Timeout."), times: 2);
        var stage = StageOf(failing, Retry, asynchronous: true);

        Run(stage);

        Assert.Equal([1, 2, 3], failing.Attempts);
        Assert.Equal(["a"], stage.ToCommit().ValuesOf("out"));
    }

    [Fact]
    public void A_retry_waits_and_never_longer_than_the_maximum_delay()
    {
        var failing = new Failing(new IOException("not now"), times: int.MaxValue);
        var stage = StageOf(failing, Retry with { Attempts = 12 });

        Run(stage);

        var waits = failing.Times.Zip(failing.Times.Skip(1), (before, after) => after - before).ToList();
        Assert.Equal(11, waits.Count);
        Assert.All(waits, wait => Assert.InRange(wait, TimeSpan.FromMilliseconds(1), Retry.MaximumDelay * 1.5));
        Assert.True(waits[^1] > waits[0], $"the waits do not grow: {string.Join(", ", waits)}");
    }

    [Fact]
    public void A_record_that_is_retried_keeps_its_place()
    {
        var failing = new Failing(new IOException("not now"), times: 1);
        var stage = StageOf(failing, Retry);

        Run(stage, "a", "b", "c");

        Assert.Equal(["a", "b", "c"], stage.ToCommit().ValuesOf("out"));
    }

    [Fact]
    public void What_is_transient_can_be_said_in_the_settings()
    {
        var failing = new Failing(new FormatException("maybe"), times: 1);
        var stage = StageOf(failing, Retry with { IsTransient = error => error is FormatException });

        Run(stage);

        Assert.Equal(["a"], stage.ToCommit().ValuesOf("out"));
    }

    [Fact]
    public async Task A_stop_ends_the_wait_for_a_retry()
    {
        var stage = StageOf(new Failing(new IOException("not now"), times: int.MaxValue), Retry);
        using var stop = new CancellationTokenSource();

        var run = stage.RunAsync(Stage.Batch("a"), cancellationToken: stop.Token);
        stop.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }

    private Stage StageOf(Failing failing, RetrySettings retry, bool asynchronous = false) => new(
        pipeline =>
        {
            var source = pipeline.Retry(retry).From("source");
            (asynchronous
                ? source.MapAsync((value, context, _) => ValueTask.FromResult(failing.Pass(value, context, _scheduler.Time.GetUtcNow())))
                : source.Map((value, context) => failing.Pass(value, context, _scheduler.Time.GetUtcNow()))).To(Sink.Topic("out"));
        },
        time: _scheduler.Time);

    private void Run(Stage stage, params string[] values) =>
        _scheduler.Run(() => stage.RunAsync(Stage.Batch(values.Length == 0 ? ["a"] : values)));

    /// <summary>A step that fails a number of times.</summary>
    private sealed class Failing(Exception error, int times)
    {
        private int _left = times;

        public List<int> Attempts { get; } = [];

        public List<DateTimeOffset> Times { get; } = [];

        public ReadOnlyMemory<byte> Pass(ReadOnlyMemory<byte> value, StepContext context, DateTimeOffset now)
        {
            Attempts.Add(context.Attempt);
            Times.Add(now);
            return _left-- > 0 ? throw error : value;
        }
    }
}
