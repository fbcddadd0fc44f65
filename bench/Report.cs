using System.Globalization;
using System.Text.Json;
using Orleans.Pipeline.Bench.Measuring;
using Orleans.Pipeline.Bench.Scenarios;
using Spectre.Console;

namespace Orleans.Pipeline.Bench;

/// <summary>Prints the measurements, as a table or as one JSON object per line.</summary>
internal sealed class Report(bool json)
{
    private readonly Spectre.Console.Table _table = new Spectre.Console.Table().AddColumns(
        "scenario", "records/s", "MB/s", "CPU µs/record", "B alloc/record", "peak MB", "written/byte", "of limit");

    public void Add(Comparison comparison)
    {
        var median = comparison.Median;
        if (json)
        {
            Console.WriteLine(ToJson(median with { Name = comparison.Name }, comparison.MedianLimit, comparison.Ratio));
            return;
        }

        AddRow(comparison.MedianLimit with { Name = $"{comparison.Against} (beside {comparison.Name})" }, null);
        AddRow(median with { Name = comparison.Name }, comparison.Ratio);
        Console.Error.WriteLine($"{comparison.Name}: {median.RecordsPerSecond:N0} records/s, {comparison.Ratio:0.000} of {comparison.Against}, at {comparison.CpuRatio:0.000} of its CPU per record");
    }

    public void Add(Sample sample)
    {
        if (json)
        {
            Console.WriteLine(ToJson(sample, null, null));
            return;
        }

        AddRow(sample, null);
    }

    public void AddLatency(string name, double rate, LatencyRun run)
    {
        var (latency, commit, row, fsync) = run;
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(new
            {
                scenario = name,
                recordsPerSecond = rate,
                latencyMs = latency,
                commitMs = commit,
                rowMs = row,
                fsyncMs = fsync,
                p99ToCommitP99 = Math.Round(latency.P99 / commit.P99, 2),
                p50ToRowP50 = Math.Round(latency.P50 / row.P50, 2),
                p99ToRowP99 = Math.Round(latency.P99 / row.P99, 2),
            }));
            return;
        }

        AnsiConsole.MarkupLine($"[bold]{name}[/] at {rate:N0} records/s");
        AnsiConsole.Write(new Spectre.Console.Table().AddColumns("", "p50 ms", "p90 ms", "p99 ms", "p99.9 ms", "maximum ms")
            .AddRow(Row("send → committed effect", latency)).AddRow(Row("one commit of the store", commit))
            .AddRow(Row("one transaction of one row", row)).AddRow(Row("one fsync of the disk", fsync))
            .AddRow(Row("latency / commit", latency.DividedBy(commit))).AddRow(Row("latency / row", latency.DividedBy(row))));
    }

    public void AddStart(string name, double gigabytes, TimeSpan ready)
    {
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(new
            {
                scenario = name,
                gigabytes = Math.Round(gigabytes, 2),
                readyMs = Math.Round(ready.TotalMilliseconds),
            }));
            return;
        }

        AnsiConsole.WriteLine($"{name}, {gigabytes:0.0} GB of log: ready after {ready.TotalMilliseconds:N0} ms");
    }

    /// <param name="engine">The host.</param>
    /// <param name="runs">Its fresh processes.</param>
    /// <param name="others">Those of another build, each just before its pair; empty if there is none.</param>
    public void AddCold(string engine, IReadOnlyList<ColdRun> runs, IReadOnlyList<ColdRun> others)
    {
        var cold = ColdFigures.Of(engine, runs, others);
        Console.WriteLine(json ? cold.ToJson() : cold.ToText());
    }

    public void Add(IReadOnlyList<ProfileCost> costs) => ProfileCost.Print(costs, json);

    public void Finish()
    {
        if (!json && _table.Rows.Count > 0)
        {
            AnsiConsole.Profile.Width = Math.Max(AnsiConsole.Profile.Width, 140);
            AnsiConsole.Write(_table);
            AnsiConsole.WriteLine($"{Environment.ProcessorCount} cores, .NET {Environment.Version}, {System.Runtime.InteropServices.RuntimeInformation.OSDescription}");
        }
    }

    private static string[] Row(string name, Percentiles values) =>
        [name, .. new[] { values.P50, values.P90, values.P99, values.P999, values.Maximum }.Select(value => value.ToString(
            "0.00",
            CultureInfo.InvariantCulture))];

    private static string ToJson(Sample sample, Sample? limit, double? ratio) => JsonSerializer.Serialize(new
    {
        scenario = sample.Name,
        sample.Records,
        recordsPerSecond = Math.Round(sample.RecordsPerSecond),
        megabytesPerSecond = Math.Round(sample.MegabytesPerSecond, 1),
        cpuMicrosecondsPerRecord = Math.Round(sample.CpuMicrosecondsPerRecord, 3),
        allocatedBytesPerRecord = Math.Round(sample.AllocatedPerRecord, 1),
        peakMegabytes = sample.PeakBytes / 1_000_000,
        writtenPerByte = sample.WrittenPerByte is { } written ? Math.Round(written, 3) : (double?)null,
        limitMegabytesPerSecond = limit is null ? (double?)null : Math.Round(limit.MegabytesPerSecond, 1),
        ratioToLimit = ratio is { } known ? Math.Round(known, 3) : (double?)null,
    });

    private void AddRow(Sample sample, double? ratio) => _table.AddRow(
        sample.Name,
        sample.RecordsPerSecond.ToString("N0", CultureInfo.InvariantCulture),
        sample.MegabytesPerSecond.ToString("0.0", CultureInfo.InvariantCulture),
        sample.CpuMicrosecondsPerRecord.ToString("0.00", CultureInfo.InvariantCulture),
        sample.AllocatedPerRecord.ToString("0", CultureInfo.InvariantCulture),
        (sample.PeakBytes / 1e6).ToString("0", CultureInfo.InvariantCulture),
        sample.WrittenPerByte?.ToString("0.00", CultureInfo.InvariantCulture) ?? "",
        ratio?.ToString("0.00", CultureInfo.InvariantCulture) ?? "");
}
