#!/usr/bin/env bash
# Microsoft.Orleans.Streaming 10.4.2, in-memory streams.
#
# Expected: a grain with an implicit subscription may call ResumeAsync with the token of an earlier event and gets the
#   stream again from there, because the provider is rewindable and the event is still in its cache.
# What happens: while the activation lives, ResumeAsync with an earlier token throws. Only a new activation may give an
#   earlier token, and it gets the events AFTER that token: the token's own event does not come again.
# Output seen (the lines after "#> "; the script fails on any other output):
#> received by the first activation: 1 2 3 4 5
#> ResumeAsync with the token of 2: InvalidOperationException
#> its message says: Implicit subscriptions advance monotonically within an activation.
#> received by a new activation that gave the token of 2: 3 4 5 6
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
using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Orleans.Streams;
using Orleans.Streams.Core;

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

for (var number = 1; number <= 5; number++) await stream.OnNextAsync(number);
await Reader.UntilReceived(5);
Console.WriteLine($"received by the first activation: {string.Join(' ', Reader.Received)}");

var error = await reader.Rewind(2);
Console.WriteLine($"ResumeAsync with the token of 2: {error.GetType().Name}");
var sentence = "Implicit subscriptions advance monotonically within an activation.";
Console.WriteLine($"its message says: {(error.Message.Contains(sentence) ? sentence : error.Message)}");

Reader.Received.Clear();
Reader.StartWith = Reader.Tokens[2];
await reader.Leave();
await Reader.Gone.Task;
await stream.OnNextAsync(6);
await Reader.UntilReceived(6);
Console.WriteLine($"received by a new activation that gave the token of 2: {string.Join(' ', Reader.Received)}");
await host.StopAsync();

public interface IReader : IGrainWithStringKey { Task<Exception> Rewind(int number); Task Leave(); }

[ImplicitStreamSubscription("numbers")]
public class Reader : Grain, IReader, IStreamSubscriptionObserver, IAsyncObserver<int>
{
    public static readonly List<int> Received = [];
    public static readonly Dictionary<int, StreamSequenceToken> Tokens = [];
    public static readonly TaskCompletionSource Gone = new();
    public static StreamSequenceToken StartWith;
    StreamSubscriptionHandle<int> handle;

    public static async Task UntilReceived(int last)
    {
        for (var i = 0; i < 300 && !Received.Contains(last); i++) await Task.Delay(100);
        await Task.Delay(1000);
    }

    public async Task OnSubscribed(IStreamSubscriptionHandleFactory subscription) =>
        handle = await subscription.Create<int>().ResumeAsync(this, StartWith);

    public Task OnNextAsync(int item, StreamSequenceToken token)
    {
        Received.Add(item);
        Tokens[item] = token;
        return Task.CompletedTask;
    }

    public Task OnErrorAsync(Exception error) => Task.CompletedTask;

    public async Task<Exception> Rewind(int number)
    {
        try { handle = await handle.ResumeAsync(this, Tokens[number]); return new Exception("no exception"); }
        catch (Exception e) { return e; }
    }

    public Task Leave() { DeactivateOnIdle(); return Task.CompletedTask; }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellation)
    {
        Gone.TrySetResult();
        return Task.CompletedTask;
    }
}
EOF

dotnet build -v q -o out > build.txt || { cat build.txt; exit 1; }
timeout 60 dotnet out/finding.dll > seen.txt || echo "exit code $?" >> seen.txt
sed -n 's/^#> //p' "$self" > stated.txt
diff stated.txt seen.txt || { echo "CHANGED: the behaviour is not as stated (< stated, > seen)" >&2; exit 1; }
cat seen.txt
