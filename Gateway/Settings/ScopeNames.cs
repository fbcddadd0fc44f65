namespace Orleans.Pipeline.Gateway.Settings;

internal static class ScopeNames
{
    /// <summary>The prefix that names may have in a token, which may also have scopes of other programs.</summary>
    private const string TokenPrefix = "pipeline.";

    public static readonly IReadOnlyList<(Scopes Scope, string Name)> All =
        [(Scopes.Produce, "produce"), (Scopes.Consume, "consume"), (Scopes.Operate, "operate")];

    public static IEnumerable<string> Of(Scopes scopes) => All.Where(entry => scopes.HasFlag(entry.Scope)).Select(entry => entry.Name);

    /// <summary>Returns the names as a phrase; "nothing" for none.</summary>
    public static string Join(Scopes scopes, string conjunction) => Of(scopes).ToList() switch
    {
        [] => "nothing",
        [var only] => only,
        [.. var first, var last] => $"{string.Join(", ", first)} {conjunction} {last}",
    };

    public static bool TryParse(string name, out Scopes scope)
    {
        scope = All.FirstOrDefault(entry => entry.Name == name).Scope;
        return scope != Scopes.None;
    }

    /// <summary>Returns the scopes of names. Unknown names are ignored.</summary>
    public static Scopes Parse(IEnumerable<string> names) =>
        names.Aggregate(Scopes.None, (scopes, name) => TryParse(name, out var scope) ? scopes | scope : scopes);

    /// <summary>Returns the scopes among the names in a token. Scopes of other programs are ignored.</summary>
    public static Scopes OfToken(IEnumerable<string> names) =>
        Parse(names.Select(name => name.StartsWith(TokenPrefix, StringComparison.Ordinal) ? name[TokenPrefix.Length..] : name));
}
