using System.Diagnostics;
using System.Globalization;

namespace Orleans.Pipeline.Bench.Measuring;

/// <summary>Measures the cost of a run to this process, from <see cref="Start"/> to <see cref="Stop"/>.</summary>
internal sealed class Stopper
{
    private readonly TimeSpan _cpu;
    private readonly long _allocated;
    private readonly long _started;

    private Stopper()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        ResetPeak();
        _allocated = GC.GetTotalAllocatedBytes(precise: true);
        _cpu = Process.GetCurrentProcess().TotalProcessorTime;
        _started = Stopwatch.GetTimestamp();
    }

    public static Stopper Start() => new();

    public Sample Stop(string name, long records, long bytes)
    {
        var seconds = Stopwatch.GetElapsedTime(_started).TotalSeconds;
        var cpu = Process.GetCurrentProcess().TotalProcessorTime - _cpu;
        return new Sample(
            name, records, bytes, seconds, cpu.TotalSeconds, GC.GetTotalAllocatedBytes(precise: true) - _allocated, ReadPeak());
    }

    /// <summary>Resets the peak of resident memory to the present value (proc(5), clear_refs).</summary>
    private static void ResetPeak()
    {
        if (OperatingSystem.IsLinux())
        {
            try
            {
                File.WriteAllText("/proc/self/clear_refs", "5");
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // Without permission the peak is that of the whole process.
            }
        }
    }

    private static long ReadPeak()
    {
        if (!OperatingSystem.IsLinux())
        {
            return 0;
        }

        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }
}
