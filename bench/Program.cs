using System.CommandLine;
using System.Globalization;
using Orleans.Pipeline.Bench;
using Orleans.Pipeline.Bench.Measuring;
using Orleans.Pipeline.Bench.Scenarios;

if (args is [OverHttp.PusherArgument, var address, var pushed, var size, var spread, var name])
{
    var workload = new Workload(Number(pushed), Number(size), Number(spread));
    await OverHttp.PushAsync(address, workload, Suite.Profiles[name]);
    return 0;
}

if (args is [Upload.HostArgument, var database])
{
    await Upload.HostAsync(database);
    return 0;
}

if (args is [Start.FillArgument or Start.OpenArgument, _, ..])
{
    await Start.RunSecondAsync(args);
    return 0;
}

var scenario = new Argument<string>("scenario") { Description = $"One of: {string.Join(", ", Suite.Names)}, or all." };
scenario.AcceptOnlyFromAmong([.. Suite.Names, "all"]);
var json = new Option<bool>("--json") { Description = "Print one JSON object a line." };
var records = new Option<int>("--records") { Description = "Records a run.", DefaultValueFactory = _ => 2_000_000 };
var bytes = new Option<int>("--bytes") { Description = "Bytes of each record.", DefaultValueFactory = _ => 100 };
var partitions = new Option<int>("--partitions") { Description = "Partitions of the topic.", DefaultValueFactory = _ => 8 };
var rounds =
    new Option<int>("--rounds") { Description = "Runs of each scenario, each beside one of the limit.", DefaultValueFactory = _ => 3 };
var profile =
    new Option<string>("--profile") { Description = "LowLatency, Balanced or Throughput.", DefaultValueFactory = _ => "Throughput" };
profile.AcceptOnlyFromAmong([.. Suite.Profiles.Keys]);
var behind = new Option<int>("--behind") { Description = "Records behind, in the scale scenario.", DefaultValueFactory = _ => 5_000_000 };
var folder =
    new Option<string>("--folder") { Description = "A folder on the disk under test.", DefaultValueFactory = _ => Path.GetTempPath() };
var gigabytes =
    new Option<double>("--gigabytes") { Description = "The largest log, in the start scenario.", DefaultValueFactory = _ => 1 };
var page = new Option<int?>("--page-bytes") { Description = "Bytes of a database page, a power of two from 512 to 65536; the store's default if not given." };
var otherDemo =
    new Option<string?>("--other-demo") { Description = "AccessLog.Demo.dll of another build, to alternate with in the cold scenario." };
var segments =
    new Option<long?>("--segment-group-bytes") { Description = "Bytes from which on a transaction uses a segment; the store's default if not given." };
var batch =
    new Option<int>("--batch-bytes") { Description = "Bytes of a batch, in the append-small scenario.", DefaultValueFactory = _ => 8 << 10 };
var command = new RootCommand("Measures Orleans.Pipeline against the physical limit of the disk and against handwritten code.")
{
    scenario, json, records, bytes, partitions, rounds, profile, behind, gigabytes, folder, page, segments, batch, otherDemo,
};
command.SetAction(async (parsed, _) =>
{
    using var files = new BenchFolder(parsed.GetValue(folder)!, parsed.GetValue(page), parsed.GetValue(segments));
    var report = new Report(parsed.GetValue(json));
    var suite = new Suite(
        files,
        report,
        new Workload(parsed.GetValue(records), parsed.GetValue(bytes), parsed.GetValue(partitions)),
        Suite.Profiles[parsed.GetValue(profile)!],
        parsed.GetValue(rounds),
        parsed.GetValue(behind),
        parsed.GetValue(gigabytes),
        parsed.GetValue(batch),
        parsed.GetValue(otherDemo));
    await suite.RunAsync(parsed.GetValue(scenario)!);
    report.Finish();
});
return await command.Parse(args).InvokeAsync();

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
