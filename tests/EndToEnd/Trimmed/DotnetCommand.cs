using System.Diagnostics;

namespace Orleans.Pipeline.EndToEnd.Tests.Trimmed;

/// <summary>A command of the SDK on the sample, whose output goes beside the tests, so that the sample's own stays as it is. The code was
/// analyzed when the solution was built.</summary>
internal static class DotnetCommand
{
    private static string Artifacts => Path.Combine(AppContext.BaseDirectory, "trimmed");

    /// <summary>Where a publish puts the program.</summary>
    public static string Program => Path.Combine(Artifacts, "program", "SdkTour");

    /// <summary>Runs a command for a program that is trimmed.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(string command, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [
            command,
            Repository.PathOf("samples", "SdkTour", "Tour", "SdkTour.csproj"),
            "--use-current-runtime",
            "--artifacts-path",
            Artifacts,
            "-p:PublishTrimmed=true",
            "-p:RunAnalyzers=false",
            "-p:DisableTransitiveFrameworkReferenceDownloads=true",
            "--disable-build-servers",
            "--nologo",
            .. arguments,
        ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await errors);
    }

    public static Task<(int ExitCode, string Output)> PublishAsync() =>
        RunAsync("publish", "--no-restore", "--configuration", "Release", "--output", Path.GetDirectoryName(Program)!);
}
