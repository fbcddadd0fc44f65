using System.Runtime.ExceptionServices;
using Orleans.Pipeline.Testing.Calls;
using Orleans.Pipeline.Testing.Running;

namespace Orleans.Pipeline.Testing.Crashes;

/// <summary>
/// Runs a test twice undisturbed, and then once for each fault and each call of a task. The simple faults come first, so that the first
/// difference that is found is the one that is easiest to understand.
/// </summary>
internal sealed class CrashRuns(Setup setup, Action<PipelineTest> body, int? seed)
{
    private static readonly Fault[] Faults = Enum.GetValues<Fault>();

    /// <param name="only">The only crashed run to make, from 1; null for all.</param>
    public CrashReport Run(int? only)
    {
        var undisturbed = RunOnce(plan: null, undisturbed: null);
        if (undisturbed.Error is { } failure)
        {
            ExceptionDispatchInfo.Throw(failure);
        }

        ThrowIfDiffers(RunOnce(plan: null, undisturbed: null), undisturbed);
        var all = undisturbed.Calls.Count * Faults.Length;
        if (only is < 1 || only > all)
        {
            throw new PipelineTestException($"There is no run {only}: the test has runs 1 to {all}.");
        }

        var (first, last) = only is { } one ? (one, one) : (1, all);
        for (var run = first; run <= last; run++)
        {
            var (place, fault) = ((run - 1) % undisturbed.Calls.Count, Faults[(run - 1) / undisturbed.Calls.Count]);
            ThrowIfDiffers(RunOnce((place, fault), undisturbed), undisturbed, run, place, fault);
        }

        return new CrashReport(undisturbed.Calls.Count, last - first + 1);
    }

    private static string WhatHappens(Fault fault) => fault switch
    {
        Fault.Fails => "failed before it took effect",
        Fault.LosesAnswer => "took effect, and its answer was lost",
        Fault.Repeats => "was made twice",
        Fault.SecondOwnerBefore => "came after another process had taken the task over",
        _ => "took effect, and another process took the task over before the answer",
    };

    private static string Lines(IEnumerable<string> lines) => string.Concat(lines.Select(line => $"\n  - {line}"));

    private static void ThrowIfDiffers(Outcome outcome, Outcome undisturbed)
    {
        var differences = outcome.DifferencesFrom(undisturbed);
        if (differences.Count > 0)
        {
            throw new CrashDifferenceException(
                "The test ends otherwise when it runs a second time, without any crash:" + Lines(differences)
                + "\nSomething outlives a run, such as a static field, or a sink or service made outside of the test; or a step reads the real "
                + "clock, a random number or a new id. Make it anew at the beginning of the test, or take it from the record.",
                outcome.Error)
            {
                Differences = differences,
            };
        }
    }

    private static void ThrowIfDiffers(Outcome outcome, Outcome undisturbed, int run, int place, Fault fault)
    {
        var differences = outcome.DifferencesFrom(undisturbed);
        if (differences.Count == 0)
        {
            return;
        }

        var during = undisturbed.TestCalls.LastOrDefault(call => call.FirstPlace <= place)?.Text ?? "the start of the pipelines";
        var where = $"{undisturbed.Calls[place]} {WhatHappens(fault)}, during {during}";
        var again = outcome.CameAgain(undisturbed);
        throw new CrashDifferenceException(
            $"The test ends otherwise after a crash: {where}." + Lines(differences)
            + (again.Count == 0 ? "" : "\nCame again, as it may after a crash; a sink drops what it has by task and offset:" + Lines(again))
            + $"\nRepeat this run alone: Crashing(…, run: {run}).",
            outcome.Error)
        {
            Run = run,
            Place = where,
            Differences = differences,
            CameAgain = again,
        };
    }

    private Outcome RunOnce((int Place, Fault Fault)? plan, Outcome? undisturbed)
    {
        using var test = new PipelineTest(setup, seed, plan) { Undisturbed = undisturbed?.TestCalls };
        Exception? error = null;
        try
        {
            body(test);
        }
        catch (Exception failure)
        {
            error = failure;
        }

        return Outcome.Of(test, error);
    }
}
