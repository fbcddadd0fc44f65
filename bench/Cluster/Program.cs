using System.CommandLine;
using Orleans.Pipeline.Bench.Cluster;
using Orleans.Pipeline.Bench.Cluster.Database;
using Orleans.Pipeline.Bench.Cluster.Processes;
using Orleans.Pipeline.Bench.Cluster.Streams;
using Orleans.Pipeline.Bench.Measuring;

if (args is [BenchSilo.Role, .. var arguments])
{
    await BenchSilo.RunAsync(arguments);
    return 0;
}

if (args is [StreamSilo.Role, .. var ports])
{
    await StreamSilo.RunAsync(ports);
    return 0;
}

var scenarios = new Argument<string[]>("scenario") { Description = $"Any of: {string.Join(", ", Suite.Names)}; or all.", Arity = ArgumentArity.OneOrMore };
scenarios.AcceptOnlyFromAmong([.. Suite.Names, "all"]);
var json = new Option<bool>("--json") { Description = "Print one JSON object a line." };
var records = new Option<int>("--records") { Description = "Records a run.", DefaultValueFactory = _ => 2_000_000 };
var bytes = new Option<int>("--bytes") { Description = "Bytes of each record.", DefaultValueFactory = _ => 100 };
var partitions = new Option<int>("--partitions") { Description = "Partitions of the topic.", DefaultValueFactory = _ => 8 };
var rounds = new Option<int>("--rounds") { Description = "Runs of each scenario, each beside one of what it is compared with.", DefaultValueFactory = _ => 3 };
var profile =
    new Option<string>("--profile") { Description = "LowLatency, Balanced or Throughput.", DefaultValueFactory = _ => "Throughput" };
profile.AcceptOnlyFromAmong([.. Suite.Profiles.Keys]);
var silos = new Option<int[]>("--silos") { Description = "How many silos, in the cluster scenario; may be given again.", DefaultValueFactory = _ => [1, 3] };
var handovers = new Option<int>("--handovers") { Description = "How often a silo is ended by each signal, in the handover scenario.", DefaultValueFactory = _ => 5 };
var otherVersion = new Option<string?>("--other-version") { Description = "A folder with the project's assemblies in another version, in the upgrade scenario; without it, silos are replaced by the same." };
var command = new RootCommand("Measures the cluster of Orleans.Pipeline against its database's limit and against raw Orleans. Uses PIPELINE_POSTGRES, or a temporary server.")
{
    scenarios, json, records, bytes, partitions, rounds, profile, silos, handovers, otherVersion,
};
command.SetAction(async (parsed, _) =>
{
    await using var database = await BenchDatabase.StartAsync();
    var report = new Report(parsed.GetValue(json));
    var suite = new Suite(
        database,
        report,
        new Workload(parsed.GetValue(records), parsed.GetValue(bytes), parsed.GetValue(partitions)),
        Suite.Profiles[parsed.GetValue(profile)!],
        parsed.GetValue(rounds),
        parsed.GetValue(silos)!,
        parsed.GetValue(handovers),
        parsed.GetValue(otherVersion));
    await suite.RunAsync(parsed.GetValue(scenarios)!);
    report.Finish();
});
return await command.Parse(args).InvokeAsync();
