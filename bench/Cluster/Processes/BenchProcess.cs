using System.Diagnostics;
using System.Text.Json;

namespace Orleans.Pipeline.Bench.Cluster.Processes;

/// <summary>Another process of this program. It reads one command per line and answers each with a line of JSON.</summary>
internal sealed class BenchProcess : IAsyncDisposable
{
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(40);

    private readonly Process _process;

    private BenchProcess(Process process) => _process = process;

    /// <summary>Starts a process and waits until it is ready.</summary>
    public static Task<BenchProcess> StartAsync(string role, string postgres, params IEnumerable<string> arguments) =>
        StartAsync(role, postgres, program: null, arguments);

    /// <summary>Starts a process of this program, or of another version of it, and waits until it is ready.</summary>
    /// <param name="role">The role of the process.</param>
    /// <param name="postgres">The connection string of its database.</param>
    /// <param name="program">The other version; null for this one.</param>
    /// <param name="arguments">The arguments of the role.</param>
    public static async Task<BenchProcess> StartAsync(string role, string postgres, string? program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(
            "dotnet", [program ?? typeof(BenchProcess).Assembly.Location])
        { RedirectStandardInput = true, RedirectStandardOutput = true };

        foreach (var argument in arguments.Prepend(role))
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["PIPELINE_POSTGRES"] = postgres;
        var started = new BenchProcess(Process.Start(start)!);
        await started.ReadAsync<bool>("start");
        return started;
    }

    /// <summary>Sends a command and waits until it is done.</summary>
    public Task TellAsync(string command) => AskAsync<bool>(command);

    /// <summary>Sends a command and returns its answer.</summary>
    public async Task<T> AskAsync<T>(string command)
    {
        await _process.StandardInput.WriteLineAsync(command);
        return await ReadAsync<T>(command);
    }

    /// <summary>Ends the process as an operator would, or as a crash.</summary>
    /// <param name="signal"><c>TERM</c> or <c>KILL</c>.</param>
    public void Signal(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var wait = new CancellationTokenSource(LongestEnd);
        await _process.WaitForExitAsync(wait.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private async Task<T> ReadAsync<T>(string command)
    {
        var line = await _process.StandardOutput.ReadLineAsync()
            ?? throw new InvalidOperationException($"The process ended at '{command}'; what it said of that is above.");
        return JsonSerializer.Deserialize<T>(line)!;
    }
}
