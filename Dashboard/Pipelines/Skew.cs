using Orleans.Pipeline.Dashboard.Text;

namespace Orleans.Pipeline.Dashboard.Pipelines;

/// <summary>How unevenly a stage's records or lag are spread over its partitions.</summary>
/// <param name="Factor">The busiest partition's rate over the mean rate; 1 is even.</param>
/// <param name="Busiest">The busiest partition; null if nothing flows.</param>
/// <param name="Warnings">The warnings, as sentences.</param>
public sealed record Skew(double Factor, int? Busiest, IReadOnlyList<string> Warnings)
{
    private const double HotFactor = 2.5;

    private const double MinimumRate = 5;
    private const long MinimumLag = 1000;

    internal static Skew Of(StageStatus stage, IReadOnlyList<double> rates)
    {
        var partitions = stage.Tasks.Count;
        var sum = rates.Sum();
        if (partitions < 2)
        {
            return new(1, null, []);
        }

        var warnings = new List<string>();
        var busiest = sum > 0 ? Enumerable.Range(0, rates.Count).MaxBy(partition => rates[partition]) : (int?)null;
        var factor = busiest is { } hot ? rates[hot] / sum * partitions : 1;
        if (busiest is not null && factor >= Math.Min(HotFactor, partitions * 0.75) && sum >= MinimumRate)
        {
            warnings.Add(
                $"Partition {busiest} is hot: it gets {Format.Share(rates[busiest.Value] / sum)} of the records, "
                    + $"{factor:0.#} times an even share. A few keys carry most of the load; a key with more values spreads it.");
        }

        var lag = stage.Tasks.Sum(task => task.Lag);
        var last = stage.Tasks.MaxBy(task => task.Lag)!;
        if (lag >= MinimumLag && last.Lag * partitions >= lag * Math.Min(HotFactor, partitions * 0.75))
        {
            warnings.Add($"Partition {last.Partition} is behind: it has {Format.Share((double)last.Lag / lag)} of the lag, "
                + $"{Format.Count(last.Lag)} records.");
        }

        return new(factor, busiest, warnings);
    }
}
