using System.Globalization;

namespace Orleans.Pipeline.Bench.Cluster.Database;

/// <summary>The processor time of a PostgreSQL server on this machine, from proc(5): its first process and every child of it.</summary>
internal static class ServerCpu
{
    /// <summary>The unit of proc(5), independent of the kernel's own clock.</summary>
    private const double TicksPerSecond = 100;

    /// <summary>Reads the time in seconds; 0 if the process does not exist or is not PostgreSQL's.</summary>
    /// <param name="backend">The process id of any connection.</param>
    public static double ReadSeconds(int backend)
    {
        if (ReadStat(backend) is not { Name: "postgres" } connection)
        {
            return 0;
        }

        var ticks = ReadStat(connection.Parent) is { } server ? server.Ticks + server.EndedTicks : 0;
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out var process)
                && ReadStat(process) is { } stat && stat.Parent == connection.Parent)
            {
                ticks += stat.Ticks;
            }
        }

        return ticks / TicksPerSecond;
    }

    private static ProcessStat? ReadStat(int process)
    {
        try
        {
            var line = File.ReadAllText($"/proc/{process}/stat");
            var name = line[(line.IndexOf('(', StringComparison.Ordinal) + 1)..line.LastIndexOf(')')];
            var values = line[(line.LastIndexOf(')') + 2)..].Split(' ');
            return new ProcessStat(name, (int)At(values, 4), At(values, 14) + At(values, 15), At(values, 16) + At(values, 17));
        }
        catch (IOException)
        {
            return null; // The process has ended, or the system has no such file system.
        }
    }

    /// <summary>Returns a field by its number in proc(5). The values begin with the third field.</summary>
    private static long At(string[] values, int field) => long.Parse(values[field - 3], CultureInfo.InvariantCulture);

    /// <param name="Name">The name of the program.</param>
    /// <param name="Parent">The process that started it.</param>
    /// <param name="Ticks">The processor time.</param>
    /// <param name="EndedTicks">The processor time of its ended children.</param>
    private sealed record ProcessStat(string Name, int Parent, long Ticks, long EndedTicks);
}
