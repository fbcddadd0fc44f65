using System.Diagnostics;

namespace Orleans.Pipeline.Packaging.Tests.Commands;

/// <summary>Runs a program to its end.</summary>
internal static class Command
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Runs a program in the root of the repository.</summary>
    /// <returns>All that it wrote.</returns>
    /// <exception cref="InvalidOperationException">It did not end with 0; the message has what it wrote.</exception>
    public static async Task<string> RunAsync(string program, params IEnumerable<string> arguments)
    {
        var (exitCode, output) = await TryAsync(program, arguments);
        return exitCode == 0
            ? output
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {exitCode}:\n{output}");
    }

    /// <summary>Runs a program in the root of the repository, however it ends.</summary>
    /// <returns>Its exit code, and all that it wrote.</returns>
    public static async Task<(int ExitCode, string Output)> TryAsync(string program, params IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Repository.PathOf(),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        using var timeout = new CancellationTokenSource(Patience);
        try
        {
            var (output, errors) = (
                process.StandardOutput.ReadToEndAsync(timeout.Token), process.StandardError.ReadToEndAsync(timeout.Token));
            await process.WaitForExitAsync(timeout.Token);
            return (process.ExitCode, await output + await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} did not end within {Patience}.");
        }
    }
}
