using System.Diagnostics;
using System.Globalization;

namespace Orleans.Pipeline.Bench.Scenarios;

/// <summary>
/// A fresh host of the demo, whose first minute is compared with its later one. The demo and its host are processes of their own, so that
/// any build of them can be measured.
/// </summary>
/// <param name="demo">The path of <c>AccessLog.Demo.dll</c>, with the hosts beside it as the build leaves them.</param>
/// <param name="engine">The host: <c>embedded</c> or <c>silo</c>.</param>
internal sealed class ColdStart(string demo, string engine)
{
    public static IReadOnlyList<string> Engines { get; } = ["embedded", "silo"];

    /// <summary>More runs than the measurement takes. The demo is stopped earlier.</summary>
    private const int MostRuns = 1000;

    private const int Compared = 3;
    private static readonly TimeSpan CompilerFrom = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan CompilerFor = TimeSpan.FromSeconds(5);

    /// <summary>Finds the demo that was built with this program.</summary>
    public static string BuiltDemo()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "demo.sh")))
        {
            root = root.Parent ?? throw new InvalidOperationException("There is no demo.sh above this program. Run it from its repository.");
        }

        return Path.Combine(root.FullName, "samples/AccessLog/Demo/bin/Release/net10.0/AccessLog.Demo.dll");
    }

    public async Task<ColdRun> RunAsync()
    {
        if (!File.Exists(demo))
        {
            throw new FileNotFoundException($"There is no demo '{demo}'. Run ./demo.sh in its repository once, which builds it.");
        }

        string[] engineOption = engine == "embedded" ? ["--embedded"] : [];
        var start = new ProcessStartInfo("dotnet", [demo, .. engineOption, "--runs", $"{MostRuns}"])
        {
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        try
        {
            return await MeasureAsync(process.StandardOutput);
        }
        finally
        {
            using var terminate = Process.Start("kill", $"-TERM {process.Id}");
            await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
        }
    }

    private static async Task<ColdRun> MeasureAsync(StreamReader output)
    {
        using var host = Process.GetProcessById(ProcessOf(await ReadToAsync(output, "(process ")));
        var ready = DateTime.Now - host.StartTime;
        var compiler = MeasureCompilerAsync(host);
        var runs = new List<double>();
        while (runs.Count < Compared)
        {
            runs.Add(RecordsPerSecondOf(await ReadToAsync(output, $"Run {runs.Count + 1} of ")));
        }

        host.Refresh();
        var (cpu, peak) = (host.TotalProcessorTime, host.PeakWorkingSet64);
        return new ColdRun(ready.TotalSeconds, runs[0], runs[^1], cpu.TotalSeconds, peak, await compiler);
    }

    /// <summary>Measures the share of the tiered compiler's thread in the host's processor time.</summary>
    private static async Task<double> MeasureCompilerAsync(Process host)
    {
        var untilThen = host.StartTime + CompilerFrom - DateTime.Now;
        await Task.Delay(untilThen > TimeSpan.Zero ? untilThen : TimeSpan.Zero);
        var (compilerBefore, allBefore) = ReadTicks(host.Id);
        await Task.Delay(CompilerFor);
        var (compiler, all) = ReadTicks(host.Id);
        return (double)(compiler - compilerBefore) / Math.Max(1, all - allBefore);
    }

    /// <summary>Reads the processor time of the compiler's thread and of all threads (proc(5), fields 14 and 15 of <c>stat</c>).</summary>
    private static (long Compiler, long All) ReadTicks(int process)
    {
        // The kernel keeps 15 characters of a thread's name. The runtime may end this thread and start another one.
        const string Name = ".NET Tiered Com";
        var compiler = 0L;
        foreach (var thread in Directory.EnumerateDirectories($"/proc/{process}/task"))
        {
            var stat = File.ReadAllText($"{thread}/stat");
            if (stat.Contains($"({Name}", StringComparison.Ordinal))
            {
                compiler += TicksOf(stat);
            }
        }

        return (compiler, TicksOf(File.ReadAllText($"/proc/{process}/stat")));
    }

    private static long TicksOf(string stat)
    {
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return Number(fields[11]) + Number(fields[12]);
    }

    private static long Number(string text) => long.Parse(text, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);

    private static int ProcessOf(string line)
    {
        var start = line.IndexOf("(process ", StringComparison.Ordinal) + "(process ".Length;
        return (int)Number(line[start..line.IndexOf(')', start)]);
    }

    private static double RecordsPerSecondOf(string line) => Number(line.Split(' ')[^2]);

    private static async Task<string> ReadToAsync(StreamReader output, string text)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            if (line.Contains(text, StringComparison.Ordinal))
            {
                return line;
            }
        }

        throw new InvalidOperationException($"The demo ended before it printed '{text}'.");
    }
}
