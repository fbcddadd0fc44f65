#!/usr/bin/env bash
# Microsoft.Orleans.Runtime 10.4.2, default settings.
#
# Expected: activations of a stateless worker stay, with their fields, until GrainCollectionOptions.CollectionAge (15
#   minutes) has passed without a call. If the runtime removes superfluous ones, the last one stays.
# What happens: StatelessWorkerOptions.RemoveIdleWorkers is true by default. If a call had to wait at one of the
#   inspections (every 500 ms), because more calls came than the grain has workers, then each later inspection removes
#   one idle worker. Here ALL of them leave within seconds, the last one too, and their cached fields are lost. If no
#   call had to wait, all stay.
# Output seen (the lines after "#> "; the script fails on any other output):
#> RemoveIdleWorkers True, inspection every 500 ms, CollectionAge 15 min
#> 4 calls of 1.2 s at once to [StatelessWorker(4)]: 4 activations, after 6 s idle 0 left
#> the next call is answered by an activation that had 1 calls before
#> 8 calls of 1.2 s at once to [StatelessWorker(4)]: 4 activations, after 6 s idle 4 left
#> the next call is answered by an activation that had 0 calls before
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
  </ItemGroup>
</Project>
EOF

cat > Program.cs <<'EOF'
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.Configuration;

static int FreePort() { using var l = new TcpListener(IPAddress.Loopback, 0); l.Start(); return ((IPEndPoint)l.LocalEndpoint).Port; }

using var host = Host.CreateDefaultBuilder()
    .ConfigureLogging(logging => logging.ClearProviders())
    .UseOrleans(silo => silo.UseLocalhostClustering(FreePort(), FreePort()))
    .Build();
await host.StartAsync();

var workers = host.Services.GetRequiredService<IOptions<StatelessWorkerOptions>>().Value;
var collection = host.Services.GetRequiredService<IOptions<GrainCollectionOptions>>().Value;
Console.WriteLine($"RemoveIdleWorkers {workers.RemoveIdleWorkers}, " +
    $"inspection every {workers.IdleWorkersInspectionPeriod.TotalMilliseconds} ms, " +
    $"CollectionAge {collection.CollectionAge.TotalMinutes} min");

foreach (var calls in new[] { 4, 8 })
{
    var worker = host.Services.GetRequiredService<IClusterClient>().GetGrain<IWorker>(calls);
    Worker.Activated = Worker.Left = 0;
    await Task.WhenAll(Enumerable.Range(0, calls).Select(_ => worker.Work(1200)));
    await Task.Delay(6000);
    Console.WriteLine($"{calls} calls of 1.2 s at once to [StatelessWorker(4)]: {Worker.Activated} activations, " +
        $"after 6 s idle {Worker.Left} left");
    Console.WriteLine($"the next call is answered by an activation that had {await worker.Work(0)} calls before");
}
await host.StopAsync();

public interface IWorker : IGrainWithIntegerKey { Task<int> Work(int milliseconds); }

[StatelessWorker(4)]
public class Worker : Grain, IWorker
{
    public static int Activated, Left;
    int calls;

    public override Task OnActivateAsync(CancellationToken cancellation)
    {
        Interlocked.Increment(ref Activated);
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellation)
    {
        Interlocked.Increment(ref Left);
        return Task.CompletedTask;
    }

    public async Task<int> Work(int milliseconds)
    {
        await Task.Delay(milliseconds);
        return calls++;
    }
}
EOF

dotnet build -v q -o out > build.txt || { cat build.txt; exit 1; }
timeout 60 dotnet out/finding.dll > seen.txt || echo "exit code $?" >> seen.txt
sed -n 's/^#> //p' "$self" > stated.txt
diff stated.txt seen.txt || { echo "CHANGED: the behaviour is not as stated (< stated, > seen)" >&2; exit 1; }
cat seen.txt
