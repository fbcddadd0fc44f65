#!/usr/bin/env bash
# Microsoft.Orleans.Streaming 10.4.2 (and 10.3.1, to compare), in-memory streams.
#
# Expected: ResumeAsync with the token of an event on an explicit subscription plays the cached events again at once,
#   and successive versions begin at the same event.
# What happens: no event comes until the next one is published. Then all of them come, but 10.3.1 begins AFTER the
#   token's event and 10.4.2 begins WITH it. A program that counts on either gets an event twice or misses one.
# Output seen (the lines after "#> "; the script fails on any other output):
#> 10.3.1: received 1 2 3 4 5, in the 3 s after ResumeAsync with the token of 2: nothing, after the next event: 3 4 5 6
#> 10.4.2: received 1 2 3 4 5, in the 3 s after ResumeAsync with the token of 2: nothing, after the next event: 2 3 4 5 6
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
    <PackageReference Include="Microsoft.Orleans.Server" Version="$(Orleans)" />
    <PackageReference Include="Microsoft.Orleans.Streaming" Version="$(Orleans)" />
  </ItemGroup>
</Project>
EOF

cat > Program.cs <<'EOF'
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Orleans.Streams;

static int FreePort() { using var l = new TcpListener(IPAddress.Loopback, 0); l.Start(); return ((IPEndPoint)l.LocalEndpoint).Port; }

using var host = Host.CreateDefaultBuilder()
    .ConfigureLogging(logging => logging.ClearProviders())
    .UseOrleans(silo => silo
        .UseLocalhostClustering(FreePort(), FreePort())
        .AddMemoryGrainStorage("PubSubStore")
        .AddMemoryStreams("memory", streams => streams.ConfigurePartitioning(1)))
    .Build();
await host.StartAsync();

var client = host.Services.GetRequiredService<IClusterClient>();
var stream = client.GetStreamProvider("memory").GetStream<int>(StreamId.Create("numbers", "a"));
var reader = client.GetGrain<IReader>("a");

await reader.Subscribe();
for (var number = 1; number <= 5; number++) await stream.OnNextAsync(number);
await Reader.UntilReceived(5);
Console.Write($"received {string.Join(' ', Reader.Received)}, ");

Reader.Received.Clear();
await reader.Rewind(2);
await Task.Delay(3000);
var atOnce = Reader.Received.Count == 0 ? "nothing" : string.Join(' ', Reader.Received);
Console.Write($"in the 3 s after ResumeAsync with the token of 2: {atOnce}, ");

await stream.OnNextAsync(6);
await Reader.UntilReceived(6);
Console.WriteLine($"after the next event: {string.Join(' ', Reader.Received)}");
await host.StopAsync();

public interface IReader : IGrainWithStringKey { Task Subscribe(); Task Rewind(int number); }

public class Reader : Grain, IReader, IAsyncObserver<int>
{
    public static readonly List<int> Received = [];
    static readonly Dictionary<int, StreamSequenceToken> tokens = [];
    StreamSubscriptionHandle<int> handle;

    public static async Task UntilReceived(int last)
    {
        for (var i = 0; i < 300 && !Received.Contains(last); i++) await Task.Delay(100);
        await Task.Delay(1000);
    }

    public async Task Subscribe()
    {
        var stream = this.GetStreamProvider("memory").GetStream<int>(StreamId.Create("numbers", "a"));
        handle = await stream.SubscribeAsync(this);
    }

    public async Task Rewind(int number) => handle = await handle.ResumeAsync(this, tokens[number]);

    public Task OnNextAsync(int item, StreamSequenceToken token)
    {
        Received.Add(item);
        tokens[item] = token;
        return Task.CompletedTask;
    }

    public Task OnErrorAsync(Exception error) => Task.CompletedTask;
}
EOF

for version in 10.3.1 10.4.2; do
  dotnet build -v q -o "out-$version" -p:Orleans="$version" > build.txt || { cat build.txt; exit 1; }
  echo -n "$version: " >> seen.txt
  timeout 60 dotnet "out-$version/finding.dll" >> seen.txt || echo "exit code $?" >> seen.txt
done
sed -n 's/^#> //p' "$self" > stated.txt
diff stated.txt seen.txt || { echo "CHANGED: the behaviour is not as stated (< stated, > seen)" >&2; exit 1; }
cat seen.txt
