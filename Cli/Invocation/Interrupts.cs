using System.Runtime.InteropServices;

namespace Orleans.Pipeline.Cli.Invocation;

/// <summary>Ctrl-C and similar signals. The first one asks the command for a clean end. The next one ends the process at once.</summary>
internal sealed class Interrupts : IDisposable
{
    private readonly CancellationTokenSource _asked = new();
    private readonly PosixSignalRegistration[] _registrations;
    private int _exitCode;

    public Interrupts() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Ask(signal, Invocation.ExitCode.Interrupted)),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Ask(signal, Invocation.ExitCode.Terminated)),
        PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal => Ask(signal, Invocation.ExitCode.HungUp)),
    ];

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _asked.Token;

    /// <summary>The exit code for the signal that was received.</summary>
    public ExitCode ExitCode => (ExitCode)Volatile.Read(ref _exitCode);

    public void Dispose()
    {
        Array.ForEach(_registrations, static registration => registration.Dispose());
        _asked.Dispose();
    }

    private void Ask(PosixSignalContext signal, ExitCode exitCode)
    {
        if (Interlocked.CompareExchange(ref _exitCode, (int)exitCode, 0) == 0)
        {
            signal.Cancel = true;
            _asked.Cancel();
        }
    }
}
