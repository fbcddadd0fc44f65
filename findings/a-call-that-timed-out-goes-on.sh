#!/usr/bin/env bash
# Microsoft.Orleans.Server 10.4.2, default settings but a response timeout of 2 s.
#
# Expected: a caller that gets a TimeoutException cancels its call: the grain method's CancellationToken is cancelled,
#   because the messaging options have CancelRequestOnTimeout. Then the caller may try again.
# What happens: CancelRequestOnTimeout is false by default, on silos and on clients. The call continues, its token is
#   not cancelled, and its effect comes after the TimeoutException. A second try brings the effect twice.
# Output seen (the lines after "#> "; the script fails on any other output):
#> CancelRequestOnTimeout: silo False, client False
#> the caller got TimeoutException, the effects are then: 0
#> 4 s later: the effects are 1, the call's token was cancelled: False
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
using Orleans.Configuration;

static int FreePort() { using var l = new TcpListener(IPAddress.Loopback, 0); l.Start(); return ((IPEndPoint)l.LocalEndpoint).Port; }

var gateway = FreePort();
using var server = new HostBuilder()
    .UseOrleans(silo => silo.UseLocalhostClustering(FreePort(), gateway))
    .Build();
await server.StartAsync();
using var caller = new HostBuilder()
    .UseOrleansClient(client => client
        .UseLocalhostClustering(gateway)
        .Configure<ClientMessagingOptions>(options => options.ResponseTimeout = TimeSpan.FromSeconds(2)))
    .Build();
await caller.StartAsync();

var ofSilo = server.Services.GetRequiredService<IOptions<SiloMessagingOptions>>().Value;
var ofClient = caller.Services.GetRequiredService<IOptions<ClientMessagingOptions>>().Value;
Console.WriteLine($"CancelRequestOnTimeout: silo {ofSilo.CancelRequestOnTimeout}, client {ofClient.CancelRequestOnTimeout}");

var grain = caller.Services.GetRequiredService<IClusterClient>().GetGrain<ISlow>(0);
try { await grain.Work(CancellationToken.None); Console.WriteLine("no exception"); }
catch (Exception e) { Console.WriteLine($"the caller got {e.GetType().Name}, the effects are then: {Slow.Effects}"); }

await Task.Delay(4000);
Console.WriteLine($"4 s later: the effects are {Slow.Effects}, the call's token was cancelled: {Slow.Cancelled}");
await caller.StopAsync();
await server.StopAsync();

public interface ISlow : IGrainWithIntegerKey { Task Work(CancellationToken cancellation); }

public class Slow : Grain, ISlow
{
    public static int Effects;
    public static bool Cancelled;

    public async Task Work(CancellationToken cancellation)
    {
        for (var i = 0; i < 40 && !cancellation.IsCancellationRequested; i++) await Task.Delay(100);
        Cancelled = cancellation.IsCancellationRequested;
        if (!Cancelled) Effects++;
    }
}
EOF

dotnet build -v q -o out > build.txt || { cat build.txt; exit 1; }
timeout 60 dotnet out/finding.dll > seen.txt || echo "exit code $?" >> seen.txt
sed -n 's/^#> //p' "$self" > stated.txt
diff stated.txt seen.txt || { echo "CHANGED: the behaviour is not as stated (< stated, > seen)" >&2; exit 1; }
cat seen.txt
