namespace Orleans.Pipeline.Docs.Tests;

/// <summary>A test of a page whose examples call curl; it is skipped where there is none.</summary>
internal sealed class CurlFactAttribute : FactAttribute
{
    public CurlFactAttribute() => Skip = IsThere("curl") ? null : "curl is not installed.";

    private static bool IsThere(string command) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator)
        .Any(directory => File.Exists(Path.Combine(directory, command)));
}
