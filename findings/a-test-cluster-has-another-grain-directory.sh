#!/usr/bin/env bash
# Microsoft.Orleans.TestingHost and Microsoft.Orleans.Server 10.4.2, three silos each, default settings.
#
# Expected: an InProcessTestCluster runs silos as a program does, with transport and membership in memory. So a test
#   shows where a grain is placed in production.
# What happens: the test cluster also replaces the default grain directory by one dictionary that all silos share. The
#   option for that, UseTestClusterGrainDirectory, has no public setter. So no test with it runs the directory that a
#   silo has by default, unless the test asks for the experimental distributed directory. The two differ: after a grain
#   has deactivated, the next call places it again in the test. In a real cluster a call from the silo that the grain
#   has left brings it back to that silo.
# Output seen (the lines after "#> "; the script fails on any other output):
#> InProcessTestCluster: a grain directory is registered as the default one: True
#> InProcessTestCluster: active on first, second, third: 100, 0, 0
#> InProcessTestCluster: left, and called from the first with the hint to place on the second: 0, 100, 0
#> three silos: a grain directory is registered as the default one: False
#> three silos: active on first, second, third: 100, 0, 0
#> three silos: left, and called from the first with the hint to place on the second: 100, 0, 0
#> the public setters for the directory of an InProcessTestCluster: UseDistributedGrainDirectory
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
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.GrainDirectory;
using Orleans.Runtime;
using Orleans.Runtime.Placement;
using Orleans.TestingHost;

static int FreePort() { using var l = new TcpListener(IPAddress.Loopback, 0); l.Start(); return ((IPEndPoint)l.LocalEndpoint).Port; }

await using (var cluster = new InProcessTestClusterBuilder(3).Build())
{
    await cluster.DeployAsync();
    await Show("InProcessTestCluster", cluster.Silos.Select(silo => silo.ServiceProvider).ToArray());
}

var first = FreePort();
var hosts = new List<IHost>();
for (var i = 0; i < 3; i++)
{
    var port = i == 0 ? first : FreePort();
    hosts.Add(new HostBuilder()
        .UseOrleans(silo => silo.UseLocalhostClustering(port, FreePort(), new IPEndPoint(IPAddress.Loopback, first)))
        .Build());
    await hosts[i].StartAsync();
}

await Show("three silos", hosts.Select(host => host.Services).ToArray());
for (var i = 2; i >= 0; i--) await hosts[i].StopAsync();

var setters = typeof(InProcessTestClusterOptions).GetProperties()
    .Where(property => property.Name.EndsWith("GrainDirectory") && property.GetSetMethod() is not null).Select(property => property.Name);
Console.WriteLine($"the public setters for the directory of an InProcessTestCluster: {string.Join(", ", setters)}");

static async Task Show(string what, IServiceProvider[] services)
{
    await Task.Delay(3000);
    var directory = services[0].GetKeyedService<IGrainDirectory>(GrainDirectoryAttribute.DEFAULT_GRAIN_DIRECTORY);
    Console.WriteLine($"{what}: a grain directory is registered as the default one: {directory is not null}");

    var silos = services.Select(of => of.GetRequiredService<ILocalSiloDetails>().SiloAddress).ToArray();
    var factory = services[0].GetRequiredService<IGrainFactory>();
    var grains = Enumerable.Range(0, 100).Select(i => factory.GetGrain<ISome>(i)).ToArray();

    async Task Call(int place)
    {
        RequestContext.Set(IPlacementDirector.PlacementHintKey, silos[place]);
        await Task.WhenAll(grains.Select(grain => grain.Call()));
        RequestContext.Clear();
    }

    async Task<string> Active()
    {
        var all = await factory.GetGrain<IManagementGrain>(0).GetDetailedGrainStatistics();
        return string.Join(", ", silos.Select(silo => all.Count(one => one.SiloAddress.Equals(silo) && one.GrainType.Contains("Some"))));
    }

    await Call(place: 0);
    Console.WriteLine($"{what}: active on first, second, third: {await Active()}");
    await Task.WhenAll(grains.Select(grain => grain.Leave()));
    for (var i = 0; i < 100 && await Active() != "0, 0, 0"; i++) await Task.Delay(100);
    await Task.Delay(1000);
    await Call(place: 1);
    Console.WriteLine($"{what}: left, and called from the first with the hint to place on the second: {await Active()}");
}

public interface ISome : IGrainWithIntegerKey { Task Call(); Task Leave(); }

public class Some : Grain, ISome
{
    public Task Call() => Task.CompletedTask;
    public Task Leave() { DeactivateOnIdle(); return Task.CompletedTask; }
}
EOF

dotnet build -v q -o out > build.txt || { cat build.txt; exit 1; }
timeout 80 dotnet out/finding.dll > seen.txt || echo "exit code $?" >> seen.txt
sed -n 's/^#> //p' "$self" > stated.txt
diff stated.txt seen.txt || { echo "CHANGED: the behaviour is not as stated (< stated, > seen)" >&2; exit 1; }
cat seen.txt
