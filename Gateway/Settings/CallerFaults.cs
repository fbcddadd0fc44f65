using System.Buffers;

namespace Orleans.Pipeline.Gateway.Settings;

internal static class CallerFaults
{
    private static readonly SearchValues<char> PatternCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789._-*");
    private static readonly string AllScopes = string.Join(", ", ScopeNames.All.Select(entry => entry.Name));

    /// <summary>Returns each fault as a sentence that begins with its key.</summary>
    public static IEnumerable<string> Of(string place, CallerSettings caller)
    {
        if (string.IsNullOrWhiteSpace(caller.Name) || caller.Name.Any(char.IsControl))
        {
            yield return $"{place}:{nameof(caller.Name)} is empty or has control characters. Give a name: the log knows the caller by it.";
        }

        if (caller.Scopes.Count == 0)
        {
            yield return $"{place}:{nameof(caller.Scopes)} is empty. Give some of {AllScopes}.";
        }

        foreach (var (scope, index) in caller.Scopes.Select((scope, index) => (scope, index))
            .Where(entry => !ScopeNames.TryParse(entry.scope, out _)))
        {
            yield return $"{place}:{nameof(caller.Scopes)}:{index} is '{scope}', which is no scope. Give some of {AllScopes}.";
        }

        foreach (var fault in OfPatterns($"{place}:{nameof(caller.Topics)}", caller.Topics)
            .Concat(OfPatterns($"{place}:{nameof(caller.Pipelines)}", caller.Pipelines)))
        {
            yield return fault;
        }
    }

    private static IEnumerable<string> OfPatterns(string place, IList<string>? patterns)
    {
        if (patterns is { Count: 0 })
        {
            yield return $"{place} is empty. Leave it out for all, or name some.";
        }

        foreach (var (pattern, index) in (patterns ?? []).Select((pattern, index) => (pattern, index)))
        {
            if (pattern.Length == 0 || pattern.AsSpan().ContainsAnyExcept(PatternCharacters))
            {
                yield return $"{place}:{index} is '{pattern}', which matches no name. Give lower-case letters, digits, '.', '_' and '-', "
                    + $"and '*' for any run of them.";
            }
        }
    }
}
