using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Orleans.Pipeline.Gateway.Hosting;

/// <summary>
/// Filters the log lines of libraries at Information, so that the log has what an operator acts on. A rule of the host, from the
/// configuration or by code, takes precedence over the rule here for the same category or one below it. If the host's default level is
/// below Information, nothing is filtered.
/// </summary>
internal sealed class QuietLog : IPostConfigureOptions<LoggerFilterOptions>
{
    private static readonly (string Category, LogLevel Level)[] Libraries =
    [
        // Three to five lines a request.
        ("Microsoft.AspNetCore", LogLevel.Warning),

        // Warns in a container that its keys are not encrypted and end with the container. They protect the dashboard's sign-in only.
        ("Microsoft.AspNetCore.DataProtection", LogLevel.Error),

        // Membership, options, streams.
        ("Orleans", LogLevel.Warning),
        ("Orleans.Pipeline", LogLevel.Information),

        // Two lines for each grain that Orleans places.
        ("Polly", LogLevel.Warning),
    ];

    public void PostConfigure(string? name, LoggerFilterOptions options)
    {
        var least = options.Rules.LastOrDefault(rule => rule is { ProviderName: null, CategoryName: null })?.LogLevel ?? options.MinLevel;
        if (least < LogLevel.Information)
        {
            return;
        }

        var theirs = options.Rules.Where(rule => rule.ProviderName is null).Select(rule => rule.CategoryName).OfType<string>().ToList();
        foreach (var (category, level) in Libraries.Where(library => !theirs.Exists(rule => Covers(rule, library.Category))))
        {
            options.Rules.Add(new LoggerFilterRule(null, category, level < least ? least : level, null));
        }
    }

    /// <summary>Whether a rule applies to a category, which is so if the category begins with the rule's own.</summary>
    private static bool Covers(string rule, string category) => category.StartsWith(rule.Split('*')[0], StringComparison.OrdinalIgnoreCase);
}
