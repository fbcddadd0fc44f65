using System.Diagnostics;
using System.Reflection;

namespace Orleans.Pipeline.Tasks;

/// <summary>
/// The resources that this process uses. Shares cover the time since the previous read. Reads less than a second apart return the same
/// value; the first covers the whole process.
/// </summary>
internal sealed class ProcessLoad
{
    private static readonly TimeSpan MinimumWindow = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly TimeProvider _timeProvider;
    private Usage _last;
    private double _cpu;
    private double _pauses;

    public ProcessLoad(TimeProvider timeProvider)
    {
        _timeProvider = timeProvider;
        using var process = Process.GetCurrentProcess();
        StartedAt = process.StartTime;
        var now = Usage.Now(timeProvider);
        (_last, _cpu, _pauses) = (now, now.CpuOver(Uptime), now.PausesOver(Uptime));
    }

    public static string Version { get; } =
        typeof(ProcessLoad).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    public DateTimeOffset StartedAt { get; }

    private TimeSpan Uptime => _timeProvider.GetUtcNow() - StartedAt;

    public NodeLoad Read(int partitions, int tasks)
    {
        lock (_lock)
        {
            var now = Usage.Now(_timeProvider);
            var passed = _timeProvider.GetElapsedTime(_last.At, now.At);
            if (passed >= MinimumWindow)
            {
                (_last, _cpu, _pauses) = (now, (now - _last).CpuOver(passed), (now - _last).PausesOver(passed));
            }

            return new NodeLoad
            {
                Partitions = partitions,
                Tasks = tasks,
                Cpu = _cpu,
                Cores = Environment.ProcessorCount,
                WorkingSetBytes = Environment.WorkingSet,
                HeapBytes = GC.GetTotalMemory(forceFullCollection: false),
                Gen0Collections = GC.CollectionCount(0),
                Gen1Collections = GC.CollectionCount(1),
                Gen2Collections = GC.CollectionCount(2),
                GcPauseShare = _pauses,
                UptimeSeconds = Uptime.TotalSeconds,
            };
        }
    }

    private readonly record struct Usage(long At, TimeSpan Cpu, TimeSpan Pauses)
    {
        public static Usage Now(TimeProvider timeProvider) =>
            new(timeProvider.GetTimestamp(), Environment.CpuUsage.TotalTime, GC.GetTotalPauseDuration());

        public static Usage operator -(Usage later, Usage earlier) => new(later.At, later.Cpu - earlier.Cpu, later.Pauses - earlier.Pauses);

        public double CpuOver(TimeSpan passed) => Cpu / passed;

        public double PausesOver(TimeSpan passed) => Pauses / passed;
    }
}
