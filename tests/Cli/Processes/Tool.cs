using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Orleans.Pipeline.Cli.Tests.Processes;

/// <summary>A run of the tool as a process of its own.</summary>
internal sealed class Tool : IDisposable
{
    private const int SigInt = 2;
    private const int SigTerm = 15;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _timeout = new(Patience);
    private readonly Process _process;

    private Tool(Process process) => _process = process;

    /// <summary>Its standard input.</summary>
    public Stream Input => _process.StandardInput.BaseStream;

    /// <summary>The variables under which the tool may find a server, and which a test must say itself.</summary>
    private static IEnumerable<string> Inherited =>
        Environment.GetEnvironmentVariables().Keys.Cast<string>().Where(name => name.StartsWith("PIPELINE_", StringComparison.Ordinal));

    /// <summary>The command by which a shell runs the tool.</summary>
    public static string ShellCommand => $"dotnet {Path.Combine(AppContext.BaseDirectory, "Orleans.Pipeline.Cli.dll")}";

    /// <summary>Starts it.</summary>
    /// <param name="environment">Variables of its own.</param>
    /// <param name="arguments">Its command line.</param>
    public static Tool Start(IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        StartProgram(environment, "dotnet", [Path.Combine(AppContext.BaseDirectory, "Orleans.Pipeline.Cli.dll"), .. arguments]);

    /// <summary>Starts a script of bash.</summary>
    public static Tool StartScript(IReadOnlyDictionary<string, string> environment, string script) =>
        StartProgram(environment, "bash", ["-c", script]);

    /// <summary>Reads the next line of its standard output; null at its end.</summary>
    public async Task<string?> ReadLineAsync() => await _process.StandardOutput.ReadLineAsync(_timeout.Token);

    /// <summary>Reads the next line of its standard error; null at its end.</summary>
    public async Task<string?> ReadErrorLineAsync() => await _process.StandardError.ReadLineAsync(_timeout.Token);

    /// <summary>Presses Ctrl-C.</summary>
    public void Interrupt() => Assert.Equal(0, Signal(_process.Id, SigInt));

    /// <summary>Asks it to end, as <c>kill</c> does.</summary>
    public void Terminate() => Assert.Equal(0, Signal(_process.Id, SigTerm));

    /// <summary>Ends it at once.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Writes to its standard input, closes that, and waits until it has exited.</summary>
    public Task<ToolResult> ExitAsync(string input = "") => ExitAsync(async () =>
    {
        await _process.StandardInput.WriteAsync(input.AsMemory(), _timeout.Token);
        _process.StandardInput.Close();
    });

    /// <summary>Waits until it has exited, with its standard input left open.</summary>
    public Task<ToolResult> ExitWithInputOpenAsync() => ExitAsync(static () => Task.CompletedTask);

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
        _timeout.Dispose();
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Signal(int process, int signal);

    private async Task<ToolResult> ExitAsync(Func<Task> finishInput)
    {
        var output = _process.StandardOutput.ReadToEndAsync(_timeout.Token);
        var errors = _process.StandardError.ReadToEndAsync(_timeout.Token);
        await finishInput();
        await _process.WaitForExitAsync(_timeout.Token);
        return new(_process.ExitCode, await output, await errors);
    }

    private static Tool StartProgram(IReadOnlyDictionary<string, string> environment, string program, string[] arguments)
    {
        // A shell that runs the tests in the background makes its children ignore Ctrl-C.
        var start = new ProcessStartInfo("env", ["--default-signal=INT", program, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in Inherited)
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new(Process.Start(start)!);
    }
}

/// <summary>How a run of the tool ended.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">What it wrote to standard output.</param>
/// <param name="Errors">What it wrote to standard error.</param>
internal sealed record ToolResult(int ExitCode, string Output, string Errors)
{
    /// <summary>The lines of its standard output.</summary>
    public IReadOnlyList<string> Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Its standard output as one JSON document.</summary>
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;

    /// <summary>Its standard output as one JSON document a line.</summary>
    public IReadOnlyList<JsonElement> JsonLines => [.. Lines.Select(line => JsonDocument.Parse(line).RootElement)];

    /// <summary>Its standard error as one JSON document.</summary>
    public JsonElement ErrorJson => JsonDocument.Parse(Errors).RootElement;

    /// <summary>Checks that it succeeded.</summary>
    public ToolResult Succeeded()
    {
        Assert.True(ExitCode == 0, $"Exit code {ExitCode}:\n{Output}{Errors}");
        return this;
    }

    /// <summary>Checks that it failed with an exit code, wrote no data, and said something.</summary>
    public ToolResult FailedWith(int exitCode, string message)
    {
        Assert.True(ExitCode == exitCode, $"Exit code {ExitCode} instead of {exitCode}:\n{Output}{Errors}");
        Assert.Contains(message, Errors, StringComparison.Ordinal);
        Assert.Equal("", Output);
        return this;
    }
}
