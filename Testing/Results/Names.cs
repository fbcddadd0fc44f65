using Orleans.Pipeline.Settings;

namespace Orleans.Pipeline.Testing.Results;

/// <summary>The sentences for names that do not exist.</summary>
internal static class Names
{
    /// <summary>Returns the error for an unknown name.</summary>
    /// <param name="what">What has the name, such as <c>Topic 'order' is not read by any stage</c>.</param>
    /// <param name="name">The unknown name.</param>
    /// <param name="kind">What is listed, such as <c>Topics that are read</c>.</param>
    /// <param name="known">The names that exist.</param>
    public static PipelineTestException Unknown(string what, string name, string kind, IEnumerable<string> known)
    {
        var names = known.Distinct().Order(StringComparer.Ordinal).ToList();
        var there = names.Count == 0 ? $"{kind}: none." : $"{kind}: '{string.Join("', '", names)}'.";
        return new(Similar.To(name, names) is { } near ? $"{what}. Did you mean '{near}'? {there}" : $"{what}. {there}");
    }
}
