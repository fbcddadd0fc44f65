using System.Diagnostics;
using System.Text;

namespace Orleans.Pipeline.Support;

/// <summary>A bash in which the commands of a page are run one after the other, as a reader would.</summary>
public sealed class ShellSession : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _bash;
    private readonly string _mark = $"end-of-{Guid.NewGuid():n}";

    /// <summary>Starts it.</summary>
    /// <param name="directory">The directory to begin in.</param>
    /// <param name="environment">Variables of its own.</param>
    /// <param name="prelude">What is run first, and prints nothing.</param>
    public ShellSession(string directory, IReadOnlyDictionary<string, string> environment, string prelude)
    {
        var start = new ProcessStartInfo("bash", ["--norc"]) { WorkingDirectory = directory, RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        _bash = Process.Start(start)!;
        _bash.StandardInput.WriteLine($"exec 2>&1\n{prelude}");
    }

    /// <summary>Runs a command; what it wrote to standard output and standard error comes in the order in which it was written.</summary>
    /// <returns>Its output and its exit code.</returns>
    /// <exception cref="TimeoutException">The command did not end within two minutes.</exception>
    public async Task<(string Output, int ExitCode)> RunAsync(string command)
    {
        await _bash.StandardInput.WriteLineAsync($"{{ {command}\n}} </dev/null; echo; echo {_mark} $?");
        await _bash.StandardInput.FlushAsync();
        var output = new StringBuilder();
        using var timeout = new CancellationTokenSource(Patience);
        try
        {
            while (await _bash.StandardOutput.ReadLineAsync(timeout.Token) is { } line)
            {
                if (line.StartsWith(_mark, StringComparison.Ordinal))
                {
                    return (output.ToString(), int.Parse(line[(_mark.Length + 1)..], System.Globalization.CultureInfo.InvariantCulture));
                }

                output.Append(line).Append('\n');
            }
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            throw new TimeoutException($"The command '{command}' did not end within {Patience.TotalMinutes:0} minutes. It wrote:\n{output}");
        }

        throw new InvalidOperationException($"The shell ended at the command '{command}':\n{output}");
    }

    public void Dispose()
    {
        if (!_bash.HasExited)
        {
            _bash.Kill(entireProcessTree: true);
        }

        _bash.Dispose();
    }
}
