#!/usr/bin/env bash
# Microsoft.Orleans.Runtime 10.4.2 (10.3.1 does the same), default log level Information.
#
# Expected: at Information level a call to a grain that is not active yet writes no line of its own.
# What happens: placement runs in a Polly resilience pipeline. The pipeline's telemetry logs at Information, under the
#   category "Polly" (not "Orleans..."): two lines for each new grain. 100,000 new grains write 200,000 lines.
# Output seen (the lines after "#> "; the script fails on any other output):
#> 100 calls to 100 new grains:
#> 100 x Information Polly: Execution attempt. Source: 'Orleans.Placement/(null)/Retry'
#> 100 x Information Polly: Resilience pipeline executed. Source: 'Orleans.Placement/(null)'
#> 100 calls to the same grains again: 0 lines
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
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

static int FreePort() { using var l = new TcpListener(IPAddress.Loopback, 0); l.Start(); return ((IPEndPoint)l.LocalEndpoint).Port; }

var lines = new Lines();
using var host = new HostBuilder()
    .ConfigureLogging(logging => logging.AddProvider(lines))
    .UseOrleans(silo => silo.UseLocalhostClustering(FreePort(), FreePort()))
    .Build();
await host.StartAsync();
var client = host.Services.GetRequiredService<IClusterClient>();
lines.Written.Clear();

for (var i = 0; i < 100; i++) await client.GetGrain<INew>(i).Call();
await Task.Delay(1000);
Console.WriteLine("100 calls to 100 new grains:");
foreach (var line in lines.Written.GroupBy(l => l).OrderBy(l => l.Key)) Console.WriteLine($"{line.Count()} x {line.Key}");

lines.Written.Clear();
for (var i = 0; i < 100; i++) await client.GetGrain<INew>(i).Call();
await Task.Delay(1000);
Console.WriteLine($"100 calls to the same grains again: {lines.Written.Count} lines");
await host.StopAsync();

public interface INew : IGrainWithIntegerKey { Task Call(); }

public class New : Grain, INew { public Task Call() => Task.CompletedTask; }

public class Lines : ILoggerProvider
{
    public readonly ConcurrentQueue<string> Written = new();

    public ILogger CreateLogger(string category) => new Logger(category, Written);

    public void Dispose() { }

    record Logger(string Category, ConcurrentQueue<string> Written) : ILogger
    {
        public IDisposable BeginScope<TState>(TState state) => null;

        public bool IsEnabled(LogLevel level) => level >= LogLevel.Information;

        public void Log<TState>(LogLevel level, EventId id, TState state, Exception e, Func<TState, Exception, string> text)
        {
            if (IsEnabled(level)) Written.Enqueue($"{level} {Category}: {text(state, e).Split(',')[0]}");
        }
    }
}
EOF

dotnet build -v q -o out > build.txt || { cat build.txt; exit 1; }
timeout 60 dotnet out/finding.dll > seen.txt || echo "exit code $?" >> seen.txt
sed -n 's/^#> //p' "$self" > stated.txt
diff stated.txt seen.txt || { echo "CHANGED: the behaviour is not as stated (< stated, > seen)" >&2; exit 1; }
cat seen.txt
