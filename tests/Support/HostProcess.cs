using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Orleans.Pipeline.Support;

/// <summary>A host that runs as a process of its own, and can be killed.</summary>
public sealed class HostProcess : IAsyncDisposable
{
    private const int SigTerm = 15;
    private const int SigCont = 18;
    private const int SigStop = 19;
    private const string ReadyPrefix = "Ready: ";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly TaskCompletionSource<Uri> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<(string Text, TaskCompletionSource Written)> _awaited = [];
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();

    private HostProcess(Process process) => _process = process;

    /// <summary>The process's id.</summary>
    public int Id => _process.Id;

    /// <summary>What it wrote to standard output; whole once it has exited.</summary>
    public string Output => ReadLocked(_output);

    /// <summary>What it wrote to standard error; whole once it has exited.</summary>
    public string Errors => ReadLocked(_errors);

    /// <summary>The most memory that it had so far, in bytes.</summary>
    public long PeakBytes
    {
        get
        {
            _process.Refresh();
            return _process.PeakWorkingSet64;
        }
    }

    /// <summary>The processor time that it took so far; what it took in all once it has exited.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Starts a host of this directory. It obeys file permissions, even where the tests run as root.</summary>
    public static HostProcess Start(string assembly, params string[] arguments) =>
        Start(assembly, new Dictionary<string, string>(), arguments);

    /// <summary>Starts a host of this directory with variables added to its environment.</summary>
    public static HostProcess Start(string assembly, IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        Start(Privileges.Drop, assembly, environment, arguments);

    /// <summary>Starts a host, of this directory if its path is relative, with the rights of this process.</summary>
    public static HostProcess StartAsCaller(string assembly, IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        Start([], assembly, environment, arguments);

    private static HostProcess Start(string[] prefix, string assembly, IReadOnlyDictionary<string, string> environment, string[] arguments)
    {
        string[] command = [.. prefix, "dotnet", Path.Combine(AppContext.BaseDirectory, assembly), .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var host = new HostProcess(new Process { StartInfo = start, EnableRaisingEvents = true });
        host.Run();
        return host;
    }

    /// <summary>Waits until it says that it is ready; the answer is its address.</summary>
    public async Task<Uri> ReadyAsync()
    {
        try
        {
            return await _ready.Task.WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"The host was not ready within {Patience.TotalSeconds:0} s. It wrote:\n{Errors}");
        }
    }

    /// <summary>Waits until it has written something to standard error, in one line.</summary>
    public Task WhenErrorsContainAsync(string text)
    {
        lock (_errors)
        {
            var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited.Add((text, written));
            TellOf(_errors.ToString());
            return written.Task.WaitAsync(Patience);
        }
    }

    /// <summary>Completes when it has exited, however long that takes.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Waits until it has exited by itself; the answer is its exit code.</summary>
    public async Task<int> ExitAsync()
    {
        using var timeout = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(timeout.Token);
        return _process.ExitCode;
    }

    /// <summary>Kills it with SIGKILL, at once.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Kills it with SIGKILL, and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        Kill();
        await ExitAsync();
    }

    /// <summary>Asks it with SIGTERM to stop; the answer is its exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        Send(SigTerm);
        return await ExitAsync();
    }

    /// <summary>Freezes it with SIGSTOP, at once.</summary>
    public void Freeze() => Send(SigStop);

    /// <summary>Continues the process after a freeze.</summary>
    public void Thaw() => Send(SigCont);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Signal(int process, int signal);

    private void Send(int signal)
    {
        if (Signal(_process.Id, signal) != 0)
        {
            throw new InvalidOperationException($"Signal {signal} cannot be sent to process {_process.Id}.");
        }
    }

    private static string ReadLocked(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }

    private static void Append(StringBuilder text, string? line)
    {
        lock (text)
        {
            text.Append(line).Append(line is null ? "" : "\n");
        }
    }

    private void TellOf(string errors) =>
        _awaited.RemoveAll(awaited => errors.Contains(awaited.Text, StringComparison.Ordinal) && awaited.Written.TrySetResult());

    private void Run()
    {
        _process.OutputDataReceived += (_, line) =>
        {
            Append(_output, line.Data);
            if (line.Data?.StartsWith(ReadyPrefix, StringComparison.Ordinal) == true)
            {
                _ready.TrySetResult(new Uri(line.Data[ReadyPrefix.Length..]));
            }
        };
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_errors)
            {
                Append(_errors, line.Data);
                TellOf(line.Data ?? "");
            }
        };
        _process.Exited += (_, _) =>
        {
            _ready.TrySetException(new InvalidOperationException($"The host exited before it was ready:\n{Errors}"));
            _ended.TrySetResult();
        };
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }
}
