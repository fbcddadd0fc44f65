using System.Diagnostics;

namespace Orleans.Pipeline.EndToEnd.Tests.Readme;

public sealed class ReadmeTests
{
    [Fact]
    public void The_first_pipeline_in_the_README_is_the_sample()
    {
        var sample = File.ReadAllText(Repository.PathOf("samples", "FirstPipeline", "Program.cs")).Trim();

        Assert.Contains($"```csharp\n{sample}\n```", File.ReadAllText(Repository.PathOf("README.md")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_first_pipeline_counts_its_order()
    {
        using var folder = new TemporaryDirectory();
        var program = Path.Combine(AppContext.BaseDirectory, "FirstPipeline.dll");
        using var process =
            Process.Start(new ProcessStartInfo("dotnet", [program]) { WorkingDirectory = folder[""], RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.Equal(0, process.ExitCode);
        Assert.Contains("counted exactly once in table 'revenue' of orders.db", output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_definition_on_the_page_of_pipelines_is_that_of_the_sample()
    {
        var page = File.ReadAllText(Repository.PathOf("docs", "pipelines.md"));
        var sample = File.ReadAllLines(Repository.PathOf("samples", "FirstPipeline", "Program.cs"))
            .Select(line => line.Trim().TrimEnd(';', ')'))
            .ToHashSet();
        var lines = page.Split("```csharp\n")[1].Split("```")[0].Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).ToList();

        Assert.NotEmpty(lines);
        Assert.All(lines, line => Assert.Contains(line.Trim().TrimEnd(';', ')'), sample));
    }

    [Fact]
    public void Every_test_that_a_guarantee_names_is_there()
    {
        var page = File.ReadAllText(Repository.PathOf("docs", "guarantees.md"));
        var tests = Directory.EnumerateFiles(Repository.PathOf("tests"), "*.cs", SearchOption.AllDirectories)
            .Select(Path.GetFileNameWithoutExtension).ToHashSet();
        var named = System.Text.RegularExpressions.Regex.Matches(page, "`([A-Za-z]+(?:Tests|Contract))`")
            .Select(match => match.Groups[1].Value)
            .ToList();

        Assert.NotEmpty(named);
        Assert.All(named, name => Assert.Contains(name, tests));
    }
}
