using Orleans.Pipeline.Testing.Crashes;

namespace Orleans.Pipeline.Testing;

/// <content>What operators do, failures, and crashes.</content>
public sealed partial class PipelineTest
{
    private readonly List<TestCall> _calls = [];

    /// <summary>Gets the calls of the test so far.</summary>
    internal IReadOnlyList<TestCall> TestCalls => _calls;

    /// <summary>The calls of the same test, undisturbed; null if this test is not crashed.</summary>
    internal IReadOnlyList<TestCall>? Undisturbed { get; init; }

    /// <summary>Lists the dead letters of a pipeline that are neither replayed nor discarded, by partition and offset.</summary>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <exception cref="UnknownPipelineException">There is no such pipeline; the message names those that exist.</exception>
    public IReadOnlyList<DeadLetter> DeadLetters(string pipeline) => Run.Do(async () =>
    {
        var letters = new List<DeadLetter>();
        for (DeadLetterPosition? after = null; ;)
        {
            var page = await Run.Operations.ListAsync(pipeline, DeadLetterFilter.All, after, DeadLetterOperations.MaximumPage);
            letters.AddRange(page.DeadLetters);
            if ((after = page.Next) is null)
            {
                return letters;
            }
        }
    });

    /// <summary>Replays dead letters, and runs the pipelines.</summary>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="filter">Selects the dead letters; null for all.</param>
    /// <returns>The number of dead letters that were replayed.</returns>
    /// <exception cref="UnknownPipelineException">There is no such pipeline; the message names those that exist.</exception>
    public long Replay(string pipeline, DeadLetterFilter? filter = null) => Act($"Replay(\"{pipeline}\")", () =>
        Run.Do(async () => await Run.Operations.ReplayAsync(pipeline, filter ?? DeadLetterFilter.All)));

    /// <summary>Discards dead letters.</summary>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="filter">Selects the dead letters; null for all.</param>
    /// <returns>The number of dead letters that were discarded.</returns>
    /// <exception cref="UnknownPipelineException">There is no such pipeline; the message names those that exist.</exception>
    public long Discard(string pipeline, DeadLetterFilter? filter = null) => Act($"Discard(\"{pipeline}\")", () =>
        Run.Do(async () => await Run.Operations.DiscardAsync(pipeline, filter ?? DeadLetterFilter.All)));

    /// <summary>Moves tasks to other offsets, as an operator does, and runs the pipelines.</summary>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="target">The position, and the tasks to move.</param>
    /// <exception cref="UnknownPipelineException">There is no such pipeline; the message names those that exist.</exception>
    /// <exception cref="InvalidSeekException">There is no such stage, partition or offset.</exception>
    public void Seek(string pipeline, SeekTarget target)
    {
        ArgumentNullException.ThrowIfNull(target);
        Act($"Seek(\"{pipeline}\")", () => Run.Do(async () =>
        {
            await Run.RunnerOf(pipeline).SeekAsync(target, CancellationToken.None);
            return true;
        }));
    }

    /// <summary>Has a new process run the pipelines from the committed offsets on, with steps and services of its own.</summary>
    public void Restart() => Act("Restart()", () => Run.Do(Run.RestartAsync));

    /// <summary>Lets the next calls of a kind fail before they have an effect. The tasks try again.</summary>
    /// <param name="call">The kind.</param>
    /// <param name="times">The number of calls, 1 to 100.</param>
    /// <param name="error">The error; null for one of the kind, such as <see cref="StoreUnavailableException"/> for a commit.</param>
    public void Fail(PipelineCall call, int times = 1, Exception? error = null) => Order(call, losesAnswer: false, times, error);

    /// <summary>Lets the next calls of a kind take effect and fail nevertheless, as when an answer is lost. The tasks try again.</summary>
    /// <param name="call">The kind.</param>
    /// <param name="times">The number of calls, 1 to 100.</param>
    /// <param name="error">The error; null for one of the kind, such as <see cref="StoreUnavailableException"/> for a commit.</param>
    public void LoseAnswer(PipelineCall call, int times = 1, Exception? error = null) => Order(call, losesAnswer: true, times, error);

    /// <summary>
    /// Names what <see cref="Crashing"/> compares beside tables and topics, such as what a fake of a mail server has taken.
    /// </summary>
    /// <param name="name">The name for the messages.</param>
    /// <param name="values">Returns the values at the end of a run. They are compared by their texts, whatever their order.</param>
    public void Watch(string name, Func<IEnumerable<object?>> values)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(values);
        _watched.Add(new Watched(name, values));
    }

    /// <summary>
    /// Runs a test again and again. Each run puts one failure, one lost answer, one repeat or a second owner at one call of a task, at
    /// every call in turn. Each run must end with the tables, topics, dead letters and watched values of the undisturbed one.
    /// </summary>
    /// <param name="body">
    /// The test. Each run gives it pipelines that have done nothing yet, by the definitions and services of this test. Whatever else it
    /// uses, such as the fake of a mail server, it must begin anew itself.
    /// </param>
    /// <param name="seed">Mixes the order in which tasks run; null for the order of arrival.</param>
    /// <param name="run">The only run to make, by its number in a <see cref="CrashDifferenceException"/>; null for all.</param>
    /// <returns>The number of calls and runs.</returns>
    /// <exception cref="CrashDifferenceException">A run ended otherwise than the undisturbed one.</exception>
    public CrashReport Crashing(Action<PipelineTest> body, int? seed = null, int? run = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        return new CrashRuns(_setup, body, seed).Run(run);
    }

    private void Order(PipelineCall call, bool losesAnswer, int times, Exception? error)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(times, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(times, 100);
        Run.Gate.Order(call, losesAnswer, times, error);
    }

    private void Act(string text, Action action) => Act(text, () =>
    {
        action();
        return true;
    });

    /// <summary>
    /// Makes a call of the test. What waited for the clock after it in the undisturbed run waits here too. What did not wait there, and
    /// waits here because a crash has made it late, is brought to its end.
    /// </summary>
    private T Act<T>(string text, Func<T> action)
    {
        _ = Run;
        var call = new TestCall($"{text}, call {_calls.Count + 1} of the test", Run.Gate.Calls.Count);
        _calls.Add(call);
        var result = action();
        if (Undisturbed is { } undisturbed && Run.Gate.HasCrashed)
        {
            if (_calls.Count <= undisturbed.Count && !undisturbed[_calls.Count - 1].Waits)
            {
                Run.CatchUp();
            }
        }

        call.Waits = Run.World.Clock.HasTimers;
        return result;
    }
}
