namespace Orleans.Pipeline.Gateway.Settings;

/// <summary>Scopes as they are written in settings, tokens and answers.</summary>
internal static class ScopeNames
{
    /// <summary>What the names may begin with in a token, where other programs' scopes stand beside them.</summary>
    private const string TokenPrefix = "pipeline.";

    public static readonly IReadOnlyList<(Scopes Scope, string Name)> All =
        [(Scopes.Produce, "produce"), (Scopes.Consume, "consume"), (Scopes.Operate, "operate")];

    public static IEnumerable<string> Of(Scopes scopes) => All.Where(entry => scopes.HasFlag(entry.Scope)).Select(entry => entry.Name);

    /// <summary>The names of some scopes as a phrase; "nothing" for none.</summary>
    public static string Join(Scopes scopes, string conjunction) => Of(scopes).ToList() switch
    {
        [] => "nothing",
        [var only] => only,
        [.. var first, var last] => $"{string.Join(", ", first)} {conjunction} {last}",
    };

    /// <summary>The scope of a name as settings give it.</summary>
    public static bool TryParse(string name, out Scopes scope)
    {
        scope = All.FirstOrDefault(entry => entry.Name == name).Scope;
        return scope != Scopes.None;
    }

    /// <summary>The scopes of names as settings give them.</summary>
    public static Scopes Parse(IEnumerable<string> names) =>
        names.Aggregate(Scopes.None, (scopes, name) => TryParse(name, out var scope) ? scopes | scope : scopes);

    /// <summary>The scopes among the names in a token. Other programs' scopes are ignored.</summary>
    public static Scopes OfToken(IEnumerable<string> names) =>
        Parse(names.Select(name => name.StartsWith(TokenPrefix, StringComparison.Ordinal) ? name[TokenPrefix.Length..] : name));
}
