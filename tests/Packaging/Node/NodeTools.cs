using Orleans.Pipeline.Packaging.Tests.Commands;

namespace Orleans.Pipeline.Packaging.Tests.Node;

/// <summary>The programs of this folder, which run on Node.js with the packages of package-lock.json.</summary>
internal static class NodeTools
{
    private static readonly Lazy<string?> Installation = new(Install);

    private static string Wanted => Repository.PathOf("tests", "Packaging", "package-lock.json");

    private static string Installed => Repository.PathOf("tests", "Packaging", "node_modules", ".package-lock.json");

    /// <summary>Why they cannot run; null if they can.</summary>
    public static string? Missing => Installation.Value;

    /// <summary>Runs one of them.</summary>
    /// <returns>What it wrote.</returns>
    public static Task<string> RunAsync(string program, params IEnumerable<string> arguments) =>
        Command.RunAsync("node", [Repository.PathOf("tests", "Packaging", "Node", program), .. arguments]);

    private static string? Install()
    {
        if (InstalledProgram.Find("node") is null || InstalledProgram.Find("npm") is null)
        {
            return "Node.js is not installed";
        }

        if (File.GetLastWriteTimeUtc(Installed) >= File.GetLastWriteTimeUtc(Wanted))
        {
            return null;
        }

        var (exitCode, output) = Command.TryAsync(
            "npm",
            "ci",
            "--prefix",
            Repository.PathOf("tests", "Packaging"),
            "--prefer-offline",
            "--no-audit",
            "--no-fund").GetAwaiter().GetResult();
        return exitCode == 0
            ? null
            : $"npm cannot install the packages of tests/Packaging/package-lock.json: {output.Split('\n').First(line => line.Length > 0)}";
    }
}

/// <summary>A test that needs Node.js, and packages from npm; without them it is skipped.</summary>
internal sealed class NodeFactAttribute : FactAttribute
{
    public NodeFactAttribute() => Skip = NodeTools.Missing;
}
