using System.Diagnostics;
using System.Text.Json;

namespace Orleans.Pipeline.Cli.Tests.Processes;

/// <summary>Many command lines, one after the other, in one process.</summary>
internal static class CommandLines
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);

    /// <summary>Runs them.</summary>
    /// <param name="environment">Variables of their own.</param>
    /// <param name="directory">The working directory, in which they may leave files.</param>
    /// <param name="lines">The command lines.</param>
    /// <returns>How each ended; null for one that never ended.</returns>
    public static async Task<IReadOnlyList<CommandLineEnd?>> RunAsync(
        IReadOnlyDictionary<string, string> environment, string directory, IReadOnlyList<string[]> lines)
    {
        Directory.CreateDirectory(directory);
        var (given, ended) = (Path.Combine(directory, "lines.given"), Path.Combine(directory, "lines.ended"));
        await File.WriteAllLinesAsync(given, lines.Select(line => JsonSerializer.Serialize(line)));
        await File.WriteAllTextAsync(ended, "");
        using var timeout = new CancellationTokenSource(Patience);
        var ends = new List<CommandLineEnd?>();
        var program = Path.Combine(AppContext.BaseDirectory, "Orleans.Pipeline.CommandLines.dll");
        var start = new ProcessStartInfo("dotnet", [program, given, ended])
        {
            WorkingDirectory = directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        try
        {
            process.StandardInput.Close();
            await Task.WhenAll(
                process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, timeout.Token),
                process.StandardError.BaseStream.CopyToAsync(Stream.Null, timeout.Token),
                process.WaitForExitAsync(timeout.Token));
        }
        catch (OperationCanceledException)
        {
            // The command lines that have not ended say so below.
        }

        process.Kill();
        foreach (var line in await File.ReadAllLinesAsync(ended))
        {
            var end = JsonSerializer.Deserialize<JsonElement[]>(line)!;
            ends.Add(new(end[0].GetInt32(), end[1].GetString()!, end[2].GetString()));
        }

        return [.. ends, .. Enumerable.Repeat<CommandLineEnd?>(null, lines.Count - ends.Count)];
    }
}

/// <summary>How a command line ended.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Errors">What it wrote to standard error.</param>
/// <param name="Thrown">The exception that it let pass, which would have ended the tool with a core; null for none.</param>
internal sealed record CommandLineEnd(int ExitCode, string Errors, string? Thrown);
