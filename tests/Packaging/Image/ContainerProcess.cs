using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Orleans.Pipeline.Packaging.Tests.Image;

/// <summary>The program of a container while it runs.</summary>
internal sealed class ContainerProcess : IAsyncDisposable
{
    private const int SigTerm = 15;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Process _process;

    private ContainerProcess(Process process) => _process = process;

    /// <summary>All that it wrote so far.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>Completes when the host says that it is ready.</summary>
    public Task StartedAsync() => _started.Task.WaitAsync(Patience);

    public static ContainerProcess Start(string program, IEnumerable<string> arguments)
    {
        var process = new Process
        {
            StartInfo = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true },
            EnableRaisingEvents = true,
        };
        var container = new ContainerProcess(process);
        process.OutputDataReceived += (_, line) => container.Read(line.Data);
        process.ErrorDataReceived += (_, line) => container.Read(line.Data);
        process.Exited += (_, _) =>
            container._started.TrySetException(new InvalidOperationException($"The host ended before it had started:\n{container.Output}"));
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return container;
    }

    /// <summary>Waits until it ends by itself.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> ExitAsync()
    {
        using var timeout = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(timeout.Token);
        return _process.ExitCode;
    }

    /// <summary>Stops it as an engine does, with SIGTERM.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> StopAsync()
    {
        Assert.Equal(0, Signal(_process.Id, SigTerm));
        return await ExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await ExitAsync();
        }

        _process.Dispose();
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Signal(int process, int signal);

    private void Read(string? line)
    {
        lock (_output)
        {
            _output.AppendLine(line);
        }

        if (line?.Contains("The host is ready for requests.", StringComparison.Ordinal) == true)
        {
            _started.TrySetResult();
        }
    }
}
