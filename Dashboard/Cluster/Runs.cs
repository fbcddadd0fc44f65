namespace Orleans.Pipeline.Dashboard.Cluster;

/// <summary>Formats numbers as ranges: <c>0–3, 5, 7–9</c>.</summary>
internal static class Runs
{
    public static string Of(IEnumerable<int> numbers)
    {
        var runs = new List<(int First, int Last)>();
        foreach (var number in numbers.Order())
        {
            if (runs.Count > 0 && runs[^1].Last == number - 1)
            {
                runs[^1] = (runs[^1].First, number);
            }
            else
            {
                runs.Add((number, number));
            }
        }

        return string.Join(", ", runs.Select(run => run.First == run.Last ? $"{run.First}" : $"{run.First}–{run.Last}"));
    }
}
