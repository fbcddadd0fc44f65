using System.Globalization;
using System.Text.Json;

namespace Orleans.Pipeline.Bench.Scenarios;

/// <summary>What one fresh host did.</summary>
/// <param name="ReadySeconds">From its start until it accepted requests.</param>
/// <param name="FirstPerSecond">Records per second of its first run.</param>
/// <param name="ThirdPerSecond">Records per second of its third run.</param>
/// <param name="CpuSeconds">Its processor time at the end of the third run.</param>
/// <param name="PeakBytes">Its peak memory at the end of the third run.</param>
/// <param name="CompilerShare">The tiered compiler's share of its processor time, in the five seconds from 30 s after its start.</param>
internal sealed record ColdRun(
    double ReadySeconds, double FirstPerSecond, double ThirdPerSecond, double CpuSeconds, long PeakBytes, double CompilerShare)
{
    public double FirstToThird => FirstPerSecond / ThirdPerSecond;
}

/// <summary>The median, the minimum and the maximum of some values.</summary>
internal sealed record Spread(double Median, double Minimum, double Maximum)
{
    public static Spread Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order().Select(value => Math.Round(value, 3))];
        return new Spread(sorted[sorted.Length / 2], sorted[0], sorted[^1]);
    }

    public override string ToString() => FormattableString.Invariant($"{Median:N3} ({Minimum:N3} to {Maximum:N3})");
}

/// <summary>What fresh hosts did, by figure; beside another build also the ratios of the pairs.</summary>
internal sealed record ColdFigures(string Engine, IReadOnlyDictionary<string, Spread> Values)
{
    public static ColdFigures Of(string engine, IReadOnlyList<ColdRun> runs, IReadOnlyList<ColdRun> others)
    {
        var values = new Dictionary<string, Spread>();
        Add("readySeconds", run => run.ReadySeconds);
        Add("firstPerSecond", run => run.FirstPerSecond);
        Add("thirdPerSecond", run => run.ThirdPerSecond);
        Add("cpuSeconds", run => run.CpuSeconds);
        Add("peakMegabytes", run => run.PeakBytes / 1e6);
        Add("compilerShare", run => run.CompilerShare);
        Add("firstToThird", run => run.FirstToThird);
        return new ColdFigures(engine, values);

        void Add(string name, Func<ColdRun, double> value)
        {
            values.Add(name, Spread.Of(runs.Select(value)));
            if (others.Count > 0)
            {
                values.Add($"{name} of the other", Spread.Of(others.Select(value)));
                values.Add($"{name} to the other", Spread.Of(runs.Zip(others, (run, other) => value(run) / value(other))));
            }
        }
    }

    public string ToText() => $"cold, {Engine}\n"
        + string.Concat(Values.Select(value => string.Create(CultureInfo.InvariantCulture, $"  {value.Key,-28}{value.Value}\n")));

    /// <summary>One line of JSON: the medians by name, and the spreads.</summary>
    public string ToJson() => JsonSerializer.Serialize(new
    {
        scenario = $"cold, {Engine}",
        firstToThird = Values["firstToThird"].Median,
        values = Values,
    });
}
