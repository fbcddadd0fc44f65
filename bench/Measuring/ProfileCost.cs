using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace Orleans.Pipeline.Bench.Measuring;

/// <summary>The cost of records under a profile.</summary>
/// <param name="Profile">The profile.</param>
/// <param name="Full">The median run at full speed.</param>
/// <param name="DiskBytes">The database's size on disk for the records of such a run.</param>
/// <param name="Paced">The run at a light load.</param>
internal sealed record ProfileCost(string Profile, Sample Full, long DiskBytes, PacedRun Paced)
{
    /// <summary>The light load: its records and its records per second. The effect of every tenth record is awaited.</summary>
    public const int PacedRecords = 10_000;
    public const int PacedPerSecond = 1_000;
    public const int PacedWaitedEach = 10;

    /// <summary>Prints the costs of a million records, as a table or as one JSON object per line.</summary>
    public static void Print(IReadOnlyList<ProfileCost> costs, bool json)
    {
        if (json)
        {
            foreach (var cost in costs)
            {
                Console.WriteLine(cost.ToJson());
            }

            return;
        }

        var table = new Spectre.Console.Table().AddColumns(
            "for a million records",
            "records/s",
            "CPU s",
            "database CPU s",
            "MB in batches",
            "MB on disk",
            "CPU s at 1,000/s",
            "database CPU s at 1,000/s",
            "p50 ms",
            "p99 ms");
        foreach (var cost in costs)
        {
            table.AddRow([cost.Profile, .. cost.Values.Select(value => value.ToString(
                value < 100 ? "0.00" : "N0",
                CultureInfo.InvariantCulture))]);
        }

        AnsiConsole.Profile.Width = Math.Max(AnsiConsole.Profile.Width, 180);
        AnsiConsole.Write(table);
    }

    private double[] Values =>
    [
        Full.RecordsPerSecond,
        Full.CpuMicrosecondsPerRecord,
        Full.DatabaseCpuSeconds / Full.Records * 1e6,
        (double)Full.Bytes / Full.Records,
        (double)DiskBytes / Full.Records,
        Paced.Cost.CpuMicrosecondsPerRecord,
        Paced.Cost.DatabaseCpuSeconds / Paced.Cost.Records * 1e6,
        Paced.Effects.P50,
        Paced.Effects.P99,
    ];

    private string ToJson() => JsonSerializer.Serialize(new
    {
        scenario = "cost",
        Profile,
        recordsPerSecond = Math.Round(Full.RecordsPerSecond),
        cpuSecondsPerMillion = Math.Round(Values[1], 3),
        databaseCpuSecondsPerMillion = Math.Round(Values[2], 3),
        batchMegabytesPerMillion = Math.Round(Values[3], 1),
        diskMegabytesPerMillion = Math.Round(Values[4], 1),
        pacedCpuSecondsPerMillion = Math.Round(Values[5], 1),
        pacedDatabaseCpuSecondsPerMillion = Math.Round(Values[6], 1),
        pacedP50Ms = Math.Round(Paced.Effects.P50, 2),
        pacedP99Ms = Math.Round(Paced.Effects.P99, 2),
    });
}
