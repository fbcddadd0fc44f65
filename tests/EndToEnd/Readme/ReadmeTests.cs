using System.Diagnostics;
using Orleans.Pipeline.Crashes.Tests;

namespace Orleans.Pipeline.EndToEnd.Tests.Readme;

public sealed class ReadmeTests
{
    [Fact]
    public void The_first_pipeline_in_the_README_is_the_sample()
    {
        var sample = File.ReadAllText(Path.Combine(Repository(), "samples", "FirstPipeline", "Program.cs")).Trim();

        Assert.Contains($"```csharp\n{sample}\n```", File.ReadAllText(Path.Combine(Repository(), "README.md")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_first_pipeline_counts_its_order()
    {
        using var folder = new TemporaryDirectory();
        var program = Path.Combine(AppContext.BaseDirectory, "FirstPipeline.dll");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [program]) { WorkingDirectory = folder[""], RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.Equal(0, process.ExitCode);
        Assert.Contains("counted exactly once in table 'revenue' of orders.db", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_test_that_the_README_names_is_there()
    {
        var readme = File.ReadAllText(Path.Combine(Repository(), "README.md"));
        var tests = Directory.EnumerateFiles(Path.Combine(Repository(), "tests"), "*.cs", SearchOption.AllDirectories)
            .Select(Path.GetFileNameWithoutExtension).ToHashSet();
        var named = System.Text.RegularExpressions.Regex.Matches(readme, "`([A-Za-z]+(?:Tests|Contract))`").Select(match => match.Groups[1].Value).ToList();

        Assert.NotEmpty(named);
        Assert.All(named, name => Assert.Contains(name, tests));
    }

    private static string Repository()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "README.md")))
        {
            directory = directory.Parent ?? throw new InvalidOperationException("There is no README.md above the tests.");
        }

        return directory.FullName;
    }
}
