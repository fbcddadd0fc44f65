using System.Globalization;

namespace Orleans.Pipeline.Processing.Tests.Pipelines;

public sealed class AsynchronousStepTests
{
    [Fact]
    public async Task As_many_records_are_in_the_step_as_the_concurrency_says_and_no_more()
    {
        var gate = new Gate();
        var stage = Waiting(gate, concurrency: 3);

        var first = stage.RunAsync(Stage.Batch("0", "1", "2", "3", "4", "5"));
        var second = stage.RunAsync(Stage.Batch("6", "7"));
        await gate.EnteredAsync(3);

        Assert.Equal(3, gate.Inside);
        gate.OpenAll();
        await Task.WhenAll(first, second);
        Assert.Equal(3, gate.MostInside);
        Assert.Equal(8, gate.Entered);
    }

    [Fact]
    public async Task Results_keep_the_order_of_the_records_though_the_last_is_ready_first()
    {
        var gate = new Gate();
        var stage = Waiting(gate, concurrency: 4);

        var run = stage.RunAsync(Stage.Batch("0", "1", "2", "3"));
        await gate.EnteredAsync(4);
        for (var number = 3; number >= 0; number--)
        {
            gate.Open(number);
        }

        await run;
        Assert.Equal(["0", "1", "2", "3"], stage.ToCommit().ValuesOf("out"));
    }

    [Fact]
    public async Task A_slow_record_does_not_keep_the_next_ones_from_beginning()
    {
        var gate = new Gate();
        var stage = Waiting(gate, concurrency: 2);

        var run = stage.RunAsync(Stage.Batch("0", "1", "2", "3", "4"));
        for (var number = 1; number <= 4; number++)
        {
            await gate.EnteredAsync(number + 1);
            gate.Open(number);
        }

        Assert.False(run.IsCompleted);
        gate.Open(0);
        await run;
        Assert.Equal(["0", "1", "2", "3", "4"], stage.ToCommit().ValuesOf("out"));
    }

    [Fact]
    public async Task A_large_chunk_is_walked_once()
    {
        var stage =
            new Stage(pipeline => pipeline.From("source").MapAsync((value, _, _) => ValueTask.FromResult(value)).To(Sink.Topic("out")));
        var values = Enumerable.Range(0, 20_000).Select(number => $"{number}").ToArray();

        Assert.Equal(values, (await stage.CommitOfAsync(values)).ValuesOf("out"));
    }

    [Fact]
    public async Task A_record_that_fails_is_a_dead_letter_and_the_others_go_on_in_order()
    {
        var stage = new Stage(pipeline => pipeline.From("source", Serializers.Text)
            .MapAsync(
                async (text, _, _) =>
                {
                    await Task.Yield();
                    return int.Parse(text, CultureInfo.InvariantCulture);
                },
                name: "look up")
            .To(Sink.Topic("out")));

        var commit = await stage.CommitOfAsync("1", "x", "3");

        Assert.Equal(["1", "3"], commit.ValuesOf("out"));
        Assert.Contains($"{DeadLetterHeaders.Step}=look up", Assert.Single(commit.DeadLettersOf()).Headers);
        Assert.Equal(1, commit.DeadLetters);
    }

    [Fact]
    public async Task A_cancelled_run_ends_when_nothing_of_it_runs_any_more()
    {
        var gate = new Gate();
        var stage = Waiting(gate, concurrency: 2);
        using var stop = new CancellationTokenSource();

        var run = stage.RunAsync(Stage.Batch("0", "1", "2"), cancellationToken: stop.Token);
        await gate.EnteredAsync(2);
        stop.Cancel();
        gate.Open(0);

        Assert.False(run.IsCompleted);
        gate.Open(1);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.Equal(0, gate.Inside);
    }

    private static Stage Waiting(Gate gate, int concurrency) => new(pipeline => pipeline.From("source", Serializers.Text)
        .MapAsync(
            async (text, _, cancellationToken) =>
            {
                await gate.PassAsync(int.Parse(text, CultureInfo.InvariantCulture));
                cancellationToken.ThrowIfCancellationRequested();
                return text;
            },
            concurrency)
        .To(Sink.Topic("out"), key: null, Serializers.Text));

    /// <summary>Holds each number until it is let through, and counts.</summary>
    private sealed class Gate
    {
        private readonly Lock _lock = new();
        private readonly Dictionary<int, TaskCompletionSource> _doors = [];
        private readonly List<(int Count, TaskCompletionSource Reached)> _waiters = [];
        private bool _open;

        public int Entered { get; private set; }

        public int Inside { get; private set; }

        public int MostInside { get; private set; }

        public async Task PassAsync(int number)
        {
            TaskCompletionSource door;
            lock (_lock)
            {
                Entered++;
                Inside++;
                MostInside = Math.Max(MostInside, Inside);
                door = Door(number);
                if (_open)
                {
                    door.TrySetResult();
                }

                _waiters.FindAll(waiter => waiter.Count <= Entered).ForEach(waiter => waiter.Reached.TrySetResult());
            }

            await door.Task;
            lock (_lock)
            {
                Inside--;
            }
        }

        public Task EnteredAsync(int count)
        {
            lock (_lock)
            {
                var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                if (Entered >= count)
                {
                    reached.SetResult();
                }

                _waiters.Add((count, reached));
                return reached.Task;
            }
        }

        public void Open(int number)
        {
            lock (_lock)
            {
                Door(number).TrySetResult();
            }
        }

        public void OpenAll()
        {
            lock (_lock)
            {
                _open = true;
                _doors.Values.ToList().ForEach(door => door.TrySetResult());
            }
        }

        private TaskCompletionSource Door(int number) => _doors.TryGetValue(number, out var door)
            ? door
            : _doors[number] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
