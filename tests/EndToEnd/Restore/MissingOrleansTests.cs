using System.Diagnostics;
using Orleans.Pipeline.Crashes.Tests;

namespace Orleans.Pipeline.EndToEnd.Tests.Restore;

/// <summary>Where the Orleans packages cannot be had the rest is built; any other failure to restore is one.</summary>
public sealed class MissingOrleansTests
{
    private const string NotThere =
        "/repo/bench/Cluster/Bench.csproj : error NU1101: Unable to find package Microsoft.Orleans.Streaming.AdoNet. No packages exist with this id in source(s): nuget.org [/repo/Orleans.Pipeline.sln]";

    private const string OtherVersions =
        """
        /repo/src/Silo/Silo.csproj : error NU1102: Unable to find package Microsoft.Orleans.Server with version (>= 10.2.2) [/repo/Orleans.Pipeline.sln]
        /repo/src/Silo/Silo.csproj : error NU1102:   - Found 46 version(s) in nuget.org [ Nearest version: 9.2.1 ] [/repo/Orleans.Pipeline.sln]
        """;

    private const string NewerVersion =
        "/repo/src/Silo/Silo.csproj : error NU1603: Warning As Error: Silo depends on Microsoft.Orleans.Server (>= 10.2.2) but Microsoft.Orleans.Server 10.2.2 was not found. Microsoft.Orleans.Server 10.3.0 was resolved instead. [/repo/Orleans.Pipeline.sln]";

    private const string OtherPackage =
        "/repo/samples/Demo/Demo.csproj : error NU1101: Unable to find package Spectre.Console. No packages exist with this id in source(s): nuget.org [/repo/Orleans.Pipeline.sln]";

    private const string NoFeed =
        "/repo/src/Silo/Silo.csproj : error NU1301: Unable to load the service index for source https://feed.example/v3/index.json. [/repo/Orleans.Pipeline.sln]";

    private const string DoesNotCompile = "/repo/src/Silo/Silo.cs(3,5): error CS0246: The type or namespace name 'Orleans' could not be found [/repo/src/Silo/Silo.csproj]";

    [Theory]
    [InlineData(NotThere)]
    [InlineData(OtherVersions)]
    [InlineData(NewerVersion)]
    [InlineData(NotThere + "\n" + OtherVersions + "\n" + NewerVersion)]
    public async Task Packages_of_Orleans_that_are_not_there_are_told_as_that(string log) => Assert.True(await OnlyOrleansIsMissingAsync(log));

    [Theory]
    [InlineData("")]
    [InlineData(OtherPackage)]
    [InlineData(NotThere + "\n" + OtherPackage)]
    [InlineData(NewerVersion + "\n" + NoFeed)]
    [InlineData(NotThere + "\n" + DoesNotCompile)]
    public async Task Any_other_failure_is_not(string log) => Assert.False(await OnlyOrleansIsMissingAsync(log));

    private static async Task<bool> OnlyOrleansIsMissingAsync(string log)
    {
        using var directory = new TemporaryDirectory();
        await File.WriteAllTextAsync(directory["restore.log"], log + "\n");
        var functions = Path.Combine(AppContext.BaseDirectory, "feeds.sh");
        using var shell = Process.Start("bash", ["-c", "set -euo pipefail; source \"$0\"; only_orleans_is_missing \"$1\"", functions, directory["restore.log"]]);
        await shell.WaitForExitAsync();
        Assert.InRange(shell.ExitCode, 0, 1);
        return shell.ExitCode == 0;
    }
}
