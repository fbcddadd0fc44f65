using Orleans.Pipeline.Pipelines;
using Orleans.Pipeline.Processing;
using Orleans.Pipeline.Sinks;

namespace Orleans.Pipeline.Core.Tests.Pipelines;

public sealed class RetryTests
{
    private static readonly RetrySettings Quick = new() { Attempts = 3, Delay = TimeSpan.FromMilliseconds(100), MaximumDelay = TimeSpan.FromMilliseconds(150) };

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
        var stage = StageOf(failing, Quick);

        var commit = await stage.CommitOfAsync("a");

        Assert.Equal([1], failing.Attempts);
        Assert.Contains($"{DeadLetterHeaders.Attempts}=1", Assert.Single(commit.DeadLettersOf()).Headers);
    }

    [Theory]
    [MemberData(nameof(TransientErrors))]
    public async Task A_transient_error_is_retried_until_the_record_passes(Exception error)
    {
        var failing = new Failing(error, times: 2);
        var stage = StageOf(failing, Quick);

        await RunThroughRetriesAsync(stage);

        Assert.Equal([1, 2, 3], failing.Attempts);
        Assert.Equal(["a"], stage.ToCommit().ValuesOf("out"));
    }

    [Fact]
    public async Task A_record_whose_attempts_are_used_up_is_a_dead_letter_with_the_last_error()
    {
        var failing = new Failing(new IOException("not now"), times: int.MaxValue);
        var stage = StageOf(failing, Quick);

        await RunThroughRetriesAsync(stage);

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
        var stage = StageOf(failing, Quick with { Attempts = 1 }, asynchronous);

        var commit = await stage.CommitOfAsync("a");

        Assert.Equal([1], failing.Attempts);
        Assert.Contains($"{DeadLetterHeaders.Attempts}=1", Assert.Single(commit.DeadLettersOf()).Headers);
    }

    [Fact]
    public async Task An_asynchronous_step_is_retried_like_another()
    {
        var failing = new Failing(new TaskCanceledException("The request was canceled due to the configured HttpClient.Timeout."), times: 2);
        var stage = StageOf(failing, Quick, asynchronous: true);

        await RunThroughRetriesAsync(stage);

        Assert.Equal([1, 2, 3], failing.Attempts);
        Assert.Equal(["a"], stage.ToCommit().ValuesOf("out"));
    }

    [Fact]
    public async Task A_retry_waits_and_never_longer_than_the_maximum_delay()
    {
        var failing = new Failing(new IOException("not now"), times: 2);
        var stage = StageOf(failing, Quick);

        var run = stage.RunAsync(Stage.Batch("a"));

        Assert.Equal([1], failing.Attempts);
        stage.Time.Advance(Quick.MaximumDelay);
        await failing.AttemptedAsync(2);
        stage.Time.Advance(Quick.MaximumDelay);
        await run;
        Assert.Equal([1, 2, 3], failing.Attempts);
    }

    [Fact]
    public async Task A_record_that_is_retried_keeps_its_place()
    {
        var failing = new Failing(new IOException("not now"), times: 1);
        var stage = StageOf(failing, Quick);

        await RunThroughRetriesAsync(stage, "a", "b", "c");

        Assert.Equal(["a", "b", "c"], stage.ToCommit().ValuesOf("out"));
    }

    [Fact]
    public async Task What_is_transient_can_be_said_in_the_settings()
    {
        var failing = new Failing(new FormatException("maybe"), times: 1);
        var stage = StageOf(failing, Quick with { IsTransient = error => error is FormatException });

        await RunThroughRetriesAsync(stage);

        Assert.Equal(["a"], stage.ToCommit().ValuesOf("out"));
    }

    [Fact]
    public async Task A_stop_ends_the_wait_for_a_retry()
    {
        var stage = StageOf(new Failing(new IOException("not now"), times: int.MaxValue), Quick);
        using var stop = new CancellationTokenSource();

        var run = stage.RunAsync(Stage.Batch("a"), cancellationToken: stop.Token);
        stop.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }

    private static Stage StageOf(Failing failing, RetrySettings retry, bool asynchronous = false) => new(pipeline =>
    {
        var source = pipeline.Retry(retry).From("source");
        (asynchronous
            ? source.MapAsync((value, context, _) => ValueTask.FromResult(failing.Pass(value, context)))
            : source.Map(failing.Pass)).To(Sink.Topic("out"));
    });

    /// <summary>Runs while the clock goes on whenever the run waits.</summary>
    private static async Task RunThroughRetriesAsync(Stage stage, params string[] values)
    {
        var run = stage.RunAsync(Stage.Batch(values.Length == 0 ? ["a"] : values));
        while (!run.IsCompleted)
        {
            stage.Time.Advance(Quick.MaximumDelay);
            await Task.Yield();
        }

        await run;
    }

    /// <summary>A step that fails a number of times.</summary>
    private sealed class Failing(Exception error, int times)
    {
        private readonly Lock _lock = new();
        private readonly List<int> _attempts = [];
        private readonly TaskCompletionSource _second = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _left = times;

        public IReadOnlyList<int> Attempts
        {
            get
            {
                lock (_lock)
                {
                    return [.. _attempts];
                }
            }
        }

        public Task AttemptedAsync(int count) => count == 2 ? _second.Task : throw new ArgumentOutOfRangeException(nameof(count));

        public ReadOnlyMemory<byte> Pass(ReadOnlyMemory<byte> value, StepContext context)
        {
            lock (_lock)
            {
                _attempts.Add(context.Attempt);
                if (context.Attempt == 2)
                {
                    _second.TrySetResult();
                }

                return _left-- > 0 ? throw error : value;
            }
        }
    }
}
