using System.Buffers;
using Orleans.Pipeline.Access;
using Orleans.Pipeline.Gateway.Access;

namespace Orleans.Pipeline.Gateway.Settings;

/// <summary>What is wrong with settings of callers.</summary>
internal static class AuthenticationFaults
{
    private static readonly SearchValues<char> PatternCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789._-*");

    /// <summary>Each fault, beginning with its key.</summary>
    public static IEnumerable<string> Of(AuthenticationSettings settings)
    {
        var keys = settings.ApiKeys.Select((key, index) => (Key: Key($"{nameof(settings.ApiKeys)}:{index}"), Settings: key)).ToList();
        foreach (var fault in keys.SelectMany(key => OfCaller(key.Key, key.Settings).Concat(OfHash(key.Key, key.Settings))))
        {
            yield return fault;
        }

        foreach (var twice in keys.GroupBy(key => key.Settings.Name).Where(group => group.Count() > 1 && group.Key.Length > 0))
        {
            yield return $"{twice.Last().Key}:{nameof(ApiKeySettings.Name)} is '{twice.Key}', and so is that of {twice.First().Key}. Give each its own: the log knows callers by it.";
        }

        foreach (var twice in keys.GroupBy(key => key.Settings.Hash).Where(group => group.Count() > 1 && group.Key.Length > 0))
        {
            yield return $"{twice.Last().Key}:{nameof(ApiKeySettings.Hash)} is that of {twice.First().Key} too. Give each caller a key of its own.";
        }

        if (settings.Anonymous && settings.IsOn)
        {
            yield return $"{Key(nameof(settings.Anonymous))} is true, which lets everybody do everything, so that the callers that are set beside it mean nothing. Remove it, or them.";
        }
    }

    private static IEnumerable<string> OfCaller(string key, CallerSettings caller)
    {
        if (string.IsNullOrWhiteSpace(caller.Name))
        {
            yield return $"{key}:{nameof(caller.Name)} is empty. Give a name: the log knows the caller by it.";
        }

        if (caller.Scopes.Count == 0)
        {
            yield return $"{key}:{nameof(caller.Scopes)} is empty. Give some of {AllScopes}.";
        }

        foreach (var (scope, index) in caller.Scopes.Select((scope, index) => (scope, index)).Where(entry => !ScopeNames.TryParse(entry.scope, out _)))
        {
            yield return $"{key}:{nameof(caller.Scopes)}:{index} is '{scope}'. Give some of {AllScopes}.";
        }

        foreach (var fault in OfPatterns($"{key}:{nameof(caller.Topics)}", caller.Topics).Concat(OfPatterns($"{key}:{nameof(caller.Pipelines)}", caller.Pipelines)))
        {
            yield return fault;
        }
    }

    private static IEnumerable<string> OfPatterns(string key, IList<string>? patterns)
    {
        if (patterns is { Count: 0 })
        {
            yield return $"{key} is empty. Leave it out for all, or name some.";
        }

        foreach (var (pattern, index) in (patterns ?? []).Select((pattern, index) => (pattern, index)))
        {
            if (pattern.Length == 0 || pattern.AsSpan().ContainsAnyExcept(PatternCharacters))
            {
                yield return $"{key}:{index} is '{pattern}', which no name matches. Give lower-case letters, digits, '.', '_' and '-', and '*' for any run of them.";
            }
        }
    }

    private static IEnumerable<string> OfHash(string key, ApiKeySettings caller)
    {
        if (KeyHash.Parse(caller.Hash) is null)
        {
            yield return caller.Hash.StartsWith(ApiKey.Prefix, StringComparison.Ordinal)
                ? $"{key}:{nameof(caller.Hash)} is a key itself. Give its hash, {ApiKey.HashPrefix}<base64>, and make a new key: this one has been written down."
                : $"{key}:{nameof(caller.Hash)} is no hash of a key. Give {ApiKey.HashPrefix} and 32 bytes as base64.";
        }
    }

    private static string AllScopes => string.Join(", ", ScopeNames.All.Select(entry => entry.Name));

    private static string Key(string name) => $"{nameof(GatewaySettings.Authentication)}:{name}";
}
