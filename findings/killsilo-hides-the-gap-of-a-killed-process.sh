#!/usr/bin/env bash
# Microsoft.Orleans.TestingHost 10.4.2, default settings, two silos.
#
# Expected: TestCluster.KillSiloAsync shows how a cluster behaves when the process of a silo is killed.
# What happens: after KillSiloAsync, a grain of the killed silo answers from the other silo at once: no call fails.
#   After a real kill of the process, every call to the silo's grains fails with OrleansMessageRejectionException for
#   about 15 s (15 to 18 s seen), until the cluster's probes have found that the silo is dead. A test with KillSiloAsync
#   is green although its program cannot handle that gap. Both clusters have the same probe settings.
# Output seen (the lines after "#> "; the script fails on any other output):
#> KillSiloAsync, 3 probes of 5 s: the grain is back on the other silo within 3 s: True, calls failed: False
#> process killed, 3 probes of 5 s: the grain is back on the other silo within 3 s: False, calls failed: True
#> they failed with OrleansMessageRejectionException
set -euo pipefail
self=$(realpath "$0")
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1
echo '<Project />' | tee Directory.Build.props Directory.Build.targets > Directory.Packages.props

cat > finding.csproj <<'EOF'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
    <UseSharedCompilation>false</UseSharedCompilation>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Microsoft.Orleans.Server" Version="10.4.2" />
    <PackageReference Include="Microsoft.Orleans.TestingHost" Version="10.4.2" />
  </ItemGroup>
</Project>
EOF

cat > Program.cs <<'EOF'
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Runtime;
using Orleans.Runtime.Placement;
using Orleans.TestingHost;

static int FreePort() { using var l = new TcpListener(IPAddress.Loopback, 0); l.Start(); return ((IPEndPoint)l.LocalEndpoint).Port; }

static IHost Silo(int port, int primary) => new HostBuilder()
    .UseOrleans(silo => silo.UseLocalhostClustering(port, FreePort(), new IPEndPoint(IPAddress.Loopback, primary)))
    .Build();

if (args.Length > 0)
{
    using var second = Silo(FreePort(), int.Parse(args[0]));
    await second.StartAsync();
    Console.ReadLine();
    return;
}

var cluster = new TestClusterBuilder(2).Build();
await cluster.DeployAsync();
await Kill("KillSiloAsync", ((InProcessSiloHandle)cluster.Primary).SiloHost, () => cluster.KillSiloAsync(cluster.SecondarySilos[0]));
await cluster.StopAllSilosAsync();

var port = FreePort();
using var first = Silo(port, port);
await first.StartAsync();
var start = new ProcessStartInfo("dotnet", [typeof(Some).Assembly.Location, $"{port}"]) { RedirectStandardInput = true };
using var process = Process.Start(start);
await Kill("process killed", first, () => { process.Kill(); return process.WaitForExitAsync(); });
await first.StopAsync();

static async Task Kill(string what, IHost from, Func<Task> kill)
{
    var factory = from.Services.GetRequiredService<IGrainFactory>();
    var here = from.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress;
    var probes = from.Services.GetRequiredService<IOptions<ClusterMembershipOptions>>().Value;
    var management = factory.GetGrain<IManagementGrain>(0);
    while ((await management.GetHosts(true)).Count < 2) await Task.Delay(100);
    RequestContext.Set(IPlacementDirector.PlacementHintKey, (await management.GetHosts(true)).Keys.Single(silo => !silo.Equals(here)));
    var grain = factory.GetGrain<ISome>(0);
    if ((await grain.Where()).Equals(here)) throw new InvalidOperationException("the grain is on the wrong silo");
    RequestContext.Clear();

    await kill();
    var clock = Stopwatch.StartNew();
    var failures = new HashSet<string>();
    SiloAddress now = null;
    while (now is null && clock.Elapsed < TimeSpan.FromSeconds(40))
    {
        try { now = await grain.Where(); }
        catch (Exception e) { failures.Add(e.GetType().Name); await Task.Delay(100); }
    }
    var back = here.Equals(now) && clock.Elapsed < TimeSpan.FromSeconds(3);
    Console.WriteLine($"{what}, {probes.NumMissedProbesLimit} probes of {probes.ProbeTimeout.TotalSeconds} s: " +
        $"the grain is back on the other silo within 3 s: {back}, calls failed: {failures.Count > 0}");
    foreach (var failure in failures) Console.WriteLine($"they failed with {failure}");
    Console.Error.WriteLine($"{what}: back after {clock.ElapsedMilliseconds} ms");
}

public interface ISome : IGrainWithIntegerKey { Task<SiloAddress> Where(); }

public class Some(ILocalSiloDetails silo) : Grain, ISome { public Task<SiloAddress> Where() => Task.FromResult(silo.SiloAddress); }
EOF

dotnet build -v q -o out > build.txt || { cat build.txt; exit 1; }
timeout 60 dotnet out/finding.dll > seen.txt || echo "exit code $?" >> seen.txt
sed -n 's/^#> //p' "$self" > stated.txt
diff stated.txt seen.txt || { echo "CHANGED: the behaviour is not as stated (< stated, > seen)" >&2; exit 1; }
cat seen.txt
