using System.Globalization;

namespace Orleans.Pipeline.Contracts;

/// <summary>
/// What a task processes after it was moved, whatever its engine reads by. Nothing is appended after a seek here unless a test says so: a
/// move must not wait for the next record.
/// </summary>
public abstract class SeekBehaviour : EnginePipelines
{
    /// <summary>How many seeks are made under load; <c>SEEKS</c> makes them more, as at night.</summary>
    private const int DefaultSeeks = 150;

    private static readonly TaskId Copy0 = new("copies", "texts", 0);
    private static readonly TopicPartition Texts0 = new("texts", 0);
    private static readonly TopicPartition Copied0 = new("copied", 0);

    [Fact]
    public async Task An_idle_task_that_is_moved_to_the_start_processes_everything_again()
    {
        await IdleAsync();
        await Running.Engine.SeekAsync("copies", SeekTarget.Start);
        await AssertProcessesFromAsync(0);
    }

    [Fact]
    public async Task An_idle_task_that_is_moved_to_an_offset_processes_from_there()
    {
        await IdleAsync();
        await Running.Engine.SeekAsync("copies", SeekTarget.At(partition: 0, offset: 7));
        await AssertProcessesFromAsync(7);
    }

    [Fact]
    public async Task An_idle_task_that_is_moved_to_a_time_processes_from_there()
    {
        await IdleAsync();
        await Running.Engine.SeekAsync("copies", SeekTarget.At(DateTimeOffset.UnixEpoch));
        await AssertProcessesFromAsync(0);
    }

    [Fact]
    public async Task What_was_appended_during_a_pause_is_processed_after_it_without_a_restart()
    {
        await IdleAsync();
        await Running.Engine.PauseAsync("copies");
        await AppendAsync(10, 5);
        await Running.Engine.ResumeAsync("copies");
        await Running.WhenCommittedAsync(Copy0, 15);

        Assert.Equal(Enumerable.Range(0, 15), await CopiesAsync());
    }

    [Fact]
    public async Task A_task_that_is_moved_while_its_pipeline_is_paused_goes_on_from_there()
    {
        await IdleAsync();
        await Running.Engine.PauseAsync("copies");
        await Running.Engine.SeekAsync("copies", SeekTarget.At(partition: 0, offset: 4));
        await Running.Engine.ResumeAsync("copies");
        await AssertProcessesFromAsync(4);
    }

    [Fact]
    public async Task Many_seeks_in_a_row_under_load_lose_and_double_nothing()
    {
        const int Batch = 20;
        var seeks = TestSettings.Int("SEEKS") ?? DefaultSeeks;
        var random = new Random(1);
        var appended = 0;
        var targets = new List<int>();
        while (targets.Count < seeks)
        {
            var appending = AppendAsync(appended, Batch);
            targets.Add(random.Next(appended + 1));
            await Running.Engine.SeekAsync("copies", SeekTarget.At(partition: 0, offset: targets[^1]));
            await appending;
            appended += Batch;
        }

        await Running.WhenCommittedAsync(Copy0, appended);
        var before = await CopiesAsync();
        AssertRuns(before, targets);
        Assert.Equal(appended - 1, before[^1]);

        await Running.Engine.SeekAsync("copies", SeekTarget.Start);
        await Running.WhenCommittedAsync(Copy0, appended);
        Assert.Equal(Enumerable.Range(0, appended), (await CopiesAsync())[before.Count..]);
    }

    /// <summary>
    /// The copies must be runs without a gap or a repeat, each of which begins where a seek went, in the order of the seeks.
    /// </summary>
    private static void AssertRuns(List<int> copies, List<int> targets)
    {
        var (next, seek) = (0, 0);
        foreach (var number in copies)
        {
            if (number != next)
            {
                seek = targets.FindIndex(seek, target => target == number) + 1;
                Assert.True(seek > 0, $"{number} follows {next - 1}, but no seek went there at that time.");
            }

            next = number + 1;
        }
    }

    /// <summary>Ten records, processed and committed.</summary>
    private async Task IdleAsync()
    {
        await AppendAsync(0, 10);
        await Running.WhenCommittedAsync(Copy0, 10);
    }

    private async Task AssertProcessesFromAsync(int offset)
    {
        await Running.WhenCommittedAsync(Copy0, 10);
        Assert.Equal([.. Enumerable.Range(0, 10), .. Enumerable.Range(offset, 10 - offset)], await CopiesAsync());
    }

    private new Task AppendAsync(int first, int count) =>
        AppendTextAsync(Texts0, [.. Enumerable.Range(first, count).Select(number => $"{number}")]);

    private async Task<List<int>> CopiesAsync() =>
        (await ReadAsync(Copied0)).ConvertAll(text => int.Parse(text, CultureInfo.InvariantCulture));
}
