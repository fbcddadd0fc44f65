using System.Diagnostics;
using System.Globalization;

namespace Orleans.Pipeline.Bench.Measuring;

/// <summary>Measures the cost of a run to this process, from <see cref="Start"/> to <see cref="Stop"/>.</summary>
internal sealed class Stopper
{
    private readonly TimeSpan _cpu;
    private readonly long _allocated;
    private readonly long? _written;
    private readonly long _started;

    private Stopper()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        ResetPeak();
        _allocated = GC.GetTotalAllocatedBytes(precise: true);
        _written = ReadWritten();
        _cpu = Process.GetCurrentProcess().TotalProcessorTime;
        _started = Stopwatch.GetTimestamp();
    }

    public static Stopper Start() => new();

    public Sample Stop(string name, long records, long bytes)
    {
        var seconds = Stopwatch.GetElapsedTime(_started).TotalSeconds;
        var cpu = Process.GetCurrentProcess().TotalProcessorTime - _cpu;
        return new Sample(
            name, records, bytes, seconds, cpu.TotalSeconds, GC.GetTotalAllocatedBytes(precise: true) - _allocated, ReadPeak())
        {
            WrittenBytes = ReadWritten() - _written,
        };
    }

    /// <summary>Reads the bytes that the process has given to the disk (proc(5), io).</summary>
    private static long? ReadWritten() => OperatingSystem.IsLinux() ? ReadNumber("/proc/self/io", "write_bytes:") : null;

    private static long ReadNumber(string path, string name)
    {
        var line = File.ReadLines(path).First(line => line.StartsWith(name, StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
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

    private static long ReadPeak() => OperatingSystem.IsLinux() ? ReadNumber("/proc/self/status", "VmHWM:") * 1024 : 0;
}
