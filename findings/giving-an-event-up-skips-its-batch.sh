#!/usr/bin/env bash
# Microsoft.Orleans.Streaming 10.4.2, in-memory streams, MaxEventDeliveryTime 3 s.
#
# Expected: when OnNextAsync throws for one event until MaxEventDeliveryTime has passed, the provider gives up that
#   event, reports the error to OnErrorAsync, and continues with the next event.
# What happens: the unit of delivery is what one OnNextBatchAsync published. Each try begins it again, so the events
#   before the failing one come again and again. After the provider gives up, it skips the whole rest of the batch.
#   OnErrorAsync gets an exception that names the stream only: not the event, and not the exception that was thrown.
# Output seen (the lines after "#> "; the script fails on any other output):
#> published as one batch: 1 2 3 4, then alone: 5; OnNextAsync throws at 2
#> handled without an error: 1 5
#> 1 was delivered more than once: True
#> OnErrorAsync: StreamEventDeliveryFailureException, inner exception: none, says what was thrown: False
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
    <PackageReference Include="Microsoft.Orleans.Streaming" Version="10.4.2" />
  </ItemGroup>
</Project>
EOF

cat > Program.cs <<'EOF'
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Runtime;
using Orleans.Streams;

static int FreePort() { using var l = new TcpListener(IPAddress.Loopback, 0); l.Start(); return ((IPEndPoint)l.LocalEndpoint).Port; }

using var host = new HostBuilder()
    .UseOrleans(silo => silo
        .UseLocalhostClustering(FreePort(), FreePort())
        .AddMemoryGrainStorage("PubSubStore")
        .AddMemoryStreams("memory", streams => streams.ConfigurePullingAgent(agent => agent.Configure(
            options => options.MaxEventDeliveryTime = TimeSpan.FromSeconds(3)))))
    .Build();
await host.StartAsync();

var client = host.Services.GetRequiredService<IClusterClient>();
var stream = client.GetStreamProvider("memory").GetStream<int>(StreamId.Create("numbers", "a"));
await client.GetGrain<IReader>("a").Subscribe();
await stream.OnNextBatchAsync([1, 2, 3, 4]);
await stream.OnNextAsync(5);
Console.WriteLine("published as one batch: 1 2 3 4, then alone: 5; OnNextAsync throws at 2");

for (var i = 0; i < 300 && !Reader.Handled.Contains(5); i++) await Task.Delay(100);
await Task.Delay(2000);
Console.WriteLine($"handled without an error: {string.Join(' ', Reader.Handled.Distinct())}");
Console.WriteLine($"1 was delivered more than once: {Reader.Handled.Count(number => number == 1) > 1}");
foreach (var error in Reader.Errors)
    Console.WriteLine($"OnErrorAsync: {error.GetType().Name}, inner exception: {error.InnerException?.Message ?? "none"}, " +
        $"says what was thrown: {error.ToString().Contains("cannot handle")}");
await host.StopAsync();

public interface IReader : IGrainWithStringKey { Task Subscribe(); }

public class Reader : Grain, IReader, IAsyncObserver<int>
{
    public static readonly List<int> Handled = [];
    public static readonly List<Exception> Errors = [];

    public Task Subscribe() =>
        this.GetStreamProvider("memory").GetStream<int>(StreamId.Create("numbers", "a")).SubscribeAsync(this);

    public Task OnNextAsync(int item, StreamSequenceToken token)
    {
        if (item == 2) throw new ArgumentException("cannot handle 2");
        Handled.Add(item);
        return Task.CompletedTask;
    }

    public Task OnErrorAsync(Exception error)
    {
        Errors.Add(error);
        return Task.CompletedTask;
    }
}
EOF

dotnet build -v q -o out > build.txt || { cat build.txt; exit 1; }
timeout 60 dotnet out/finding.dll > seen.txt || echo "exit code $?" >> seen.txt
sed -n 's/^#> //p' "$self" > stated.txt
diff stated.txt seen.txt || { echo "CHANGED: the behaviour is not as stated (< stated, > seen)" >&2; exit 1; }
cat seen.txt
