using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Orleans.Pipeline.Gateway.Hosting;

/// <summary>
/// Filters what libraries log at Information, so that the log has what an operator acts on. A rule of the host's own, from the
/// configuration or by code, wins over the rule here for the same category or one below it; and a host whose default level is below
/// Information gets everything.
/// </summary>
internal sealed class QuietLog : IPostConfigureOptions<LoggerFilterOptions>
{
    private static readonly (string Category, LogLevel Level)[] Libraries =
    [
        // Three to five lines a request.
        ("Microsoft.AspNetCore", LogLevel.Warning),

        // Warns in a container that its keys end with it, and that they are not encrypted. They protect the dashboard's sign-in only.
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

    /// <summary>Whether a rule for a category holds for another one too, which it does if that begins with it.</summary>
    private static bool Covers(string rule, string category) => category.StartsWith(rule.Split('*')[0], StringComparison.OrdinalIgnoreCase);
}
