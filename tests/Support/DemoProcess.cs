using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using System.Text.Json;

namespace Orleans.Pipeline.Support;

/// <summary>A run of <c>./demo.sh</c>, whose temporary files lie in a directory that the test looks into.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class DemoProcess : IDisposable
{
    private const int SigTerm = 15;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly CancellationTokenSource _timeout = new(Patience);
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();
    private readonly DirectoryInfo _directory;
    private readonly Process _process;

    private DemoProcess(DirectoryInfo directory, Process process) => (_directory, _process) = (directory, process);

    /// <summary>What it wrote to standard output so far.</summary>
    public string Output => _output.ToString();

    /// <summary>What it wrote to standard error so far.</summary>
    public string Errors => _errors.ToString();

    /// <summary>Its last line on standard output, which is JSON if it was asked for.</summary>
    public JsonElement Summary => JsonDocument.Parse(Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1]).RootElement;

    /// <summary>Its temporary files and directories; not those of the compiler.</summary>
    public IReadOnlyList<string> Files => [.. _directory.EnumerateDirectories("access-log-demo*")
        .SelectMany(directory => directory.EnumerateFileSystemInfos(
            "*",
            new EnumerationOptions { RecurseSubdirectories = true }).Prepend(directory))
        .Select(file => file.FullName)];

    /// <summary>Starts it.</summary>
    /// <param name="options">Its options.</param>
    public static DemoProcess Start(params string[] options)
    {
        var directory = Directory.CreateTempSubdirectory("demo-");
        File.SetUnixFileMode(directory.FullName, (UnixFileMode)0b111_111_111);
        var start = new ProcessStartInfo(Repository.PathOf("demo.sh"), options)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["TMPDIR"] = directory.FullName },
        };
        return new DemoProcess(directory, Process.Start(start)!);
    }

    /// <summary>Reads a stream up to the first line with a text; the answer is that line.</summary>
    public async Task<string> ReadToAsync(string text, bool isError = false)
    {
        while (await ReadLineAsync(isError) is { } line)
        {
            if (line.Contains(text, StringComparison.Ordinal))
            {
                return line;
            }
        }

        throw new InvalidOperationException($"The demo ended without saying '{text}':\n{Output}{Errors}");
    }

    /// <summary>Asks it to stop, as <c>kill</c> does.</summary>
    public void Terminate() => Assert.Equal(0, Signal(_process.Id, SigTerm));

    /// <summary>Reads on to the end and waits until it has exited; the answer is its exit code.</summary>
    public async Task<int> ExitAsync()
    {
        await Task.WhenAll(ReadToEndAsync(isError: false), ReadToEndAsync(isError: true));
        await _process.WaitForExitAsync(_timeout.Token);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Terminate();
            _process.WaitForExit();
        }

        _directory.Delete(recursive: true);
        _process.Dispose();
        _timeout.Dispose();
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Signal(int process, int signal);

    private async Task ReadToEndAsync(bool isError)
    {
        while (await ReadLineAsync(isError) is not null)
        {
        }
    }

    private async Task<string?> ReadLineAsync(bool isError)
    {
        var line = await (isError ? _process.StandardError : _process.StandardOutput).ReadLineAsync(_timeout.Token);
        (isError ? _errors : _output).Append(line).Append(line is null ? "" : "\n");
        return line;
    }
}
