namespace Orleans.Pipeline.Settings;

/// <summary>Suggests a known name for an unknown one.</summary>
internal static class Similar
{
    /// <summary>
    /// Finds the nearest known name. A known name is near if at most one letter or a third of its letters differ, or if it begins
    /// with the given name. Null if none is near.
    /// </summary>
    public static string? To(string name, IEnumerable<string> known)
    {
        var near = known
            .Select(candidate => (Name: candidate, Distance: Distance(name, candidate)))
            .Where(candidate => candidate.Distance <= Math.Max(1, candidate.Name.Length / 3)
                || candidate.Name.StartsWith(name, StringComparison.OrdinalIgnoreCase))
            .OrderBy(candidate => candidate.Distance)
            .ToList();
        return near.Count == 0 ? null : near[0].Name;
    }

    /// <summary>
    /// Counts the letters to insert, remove or replace to turn one name into the other, ignoring case (Levenshtein distance).
    /// </summary>
    private static int Distance(string one, string other)
    {
        var previous = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var row = 1; row <= one.Length; row++)
        {
            var current = new int[other.Length + 1];
            current[0] = row;
            for (var column = 1; column <= other.Length; column++)
            {
                var replaced = previous[column - 1]
                    + (char.ToLowerInvariant(one[row - 1]) == char.ToLowerInvariant(other[column - 1]) ? 0 : 1);
                current[column] = Math.Min(replaced, Math.Min(previous[column], current[column - 1]) + 1);
            }

            previous = current;
        }

        return previous[^1];
    }
}
