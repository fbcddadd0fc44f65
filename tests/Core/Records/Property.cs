using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;

namespace Orleans.Pipeline.Core.Tests.Records;

/// <summary>
/// Checks that something holds for many generated cases. A failure names the smallest case found and its seed, as
/// <c>Falsifiable, after 12 tests (3 shrinks) (seed,gamma)</c>; run the test with <c>FSCHECK_REPLAY=seed,gamma</c> to see it again.
/// </summary>
internal static class Property
{
    private const string ReplayVariable = "FSCHECK_REPLAY";

    public static void Holds<T>(int cases, Gen<T> cased, Func<T, IEnumerable<T>> shrink, Action<T> body)
    {
        var config = Config.QuickThrowOnFailure.WithMaxTest(cases).WithQuietOnSuccess(true);
        if (Environment.GetEnvironmentVariable(ReplayVariable)?.Split(',') is [var seed, var gamma])
        {
            var start = new Rnd(ulong.Parse(seed, CultureInfo.InvariantCulture), ulong.Parse(gamma, CultureInfo.InvariantCulture));
            config = config.WithReplay(new Replay(start, FSharpOption<int>.None));
        }

        Check.One(config, Prop.ForAll(Arb.From(cased, shrink), body));
    }

    /// <summary>Every array that lacks a run of the elements, the longest runs first.</summary>
    public static IEnumerable<T[]> Without<T>(T[] elements)
    {
        for (var run = elements.Length; run > 0; run /= 2)
        {
            for (var start = 0; start + run <= elements.Length; start += run)
            {
                yield return [.. elements[..start], .. elements[(start + run)..]];
            }
        }
    }
}
