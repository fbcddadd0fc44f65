#!/usr/bin/env bash
# Microsoft.Orleans.Server 10.4.2, a silo of it that joins a cluster of 10.3.1 (10.3.0 does the same); default settings.
#
# Expected: silos of two minor versions of one major version work together, as a rolling upgrade needs, and a healthy
#   upgrade writes no error.
# What happens: the silos do work together. But the newer silo first asks each older one for its manifest by a content
#   address, in a call that 10.3 does not have. For each such call the older silo writes an error with a stack trace, a
#   TypeLoadException. The newer silo gets the whole manifest by the older call, and writes nothing. No operation fails,
#   but an alert on errors fires. The same happens on the way back, when an older silo joins newer ones.
#   ClusterManifestOptions.EnableContentAddressedRetrieval = false on the newer silos avoids the error.
# Output seen (the lines after "#> "; the script fails on any other output):
#> default: the 10.4.2 silo sees 2 active silos, and its call is answered by 10.3.1
#> default: errors in the log of the 10.4.2 silo: 0
#> default: errors in the log of the 10.3.1 silo: some, from Orleans.Runtime.Messaging.Connection
#> TypeLoadException: Unable to resolve type alias "("inv",[Orleans.Runtime.GrainReference],[Orleans.Runtime.IClusterManifestSystemTarget,Orleans.Core],"3D9B7FE6")".
#> switched off: the 10.4.2 silo sees 2 active silos, and its call is answered by 10.3.1
#> switched off: errors in the log of the 10.4.2 silo: 0
#> switched off: errors in the log of the 10.3.1 silo: none
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
    <DefineConstants Condition="'$(Orleans)' == '10.4.2'">$(DefineConstants);NEWER</DefineConstants>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Microsoft.Orleans.Server" Version="$(Orleans)" />
  </ItemGroup>
</Project>
EOF

cat > Program.cs <<'EOF'
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Runtime;
using Orleans.Runtime.Placement;

static int FreePort() { using var l = new TcpListener(IPAddress.Loopback, 0); l.Start(); return ((IPEndPoint)l.LocalEndpoint).Port; }

// The older program is the first silo, and starts the newer one: finding.dll SETTING NEWER.DLL, then finding.dll SETTING PORT.
var setting = args[0];
var newer = args[1].EndsWith(".dll");
var own = FreePort();
var first = newer ? own : int.Parse(args[1]);
var errors = new Errors();
using var host = new HostBuilder()
    .ConfigureLogging(logging => logging.AddProvider(errors))
    .UseOrleans(silo =>
    {
        silo.UseLocalhostClustering(own, FreePort(), new IPEndPoint(IPAddress.Loopback, first));
#if NEWER
        if (setting == "switched off") silo.Configure<ClusterManifestOptions>(options => options.EnableContentAddressedRetrieval = false);
#endif
    })
    .Build();
await host.StartAsync();

if (newer)
{
    using var second = Process.Start("dotnet", [args[1], setting, $"{own}"]);
    await second.WaitForExitAsync();
    var seen = errors.Seen.Distinct().ToArray();
    Console.WriteLine($"{setting}: errors in the log of the {Some.Version} silo: "
        + (seen.Length == 0 ? "none" : $"some, from {string.Join(", ", seen.Select(one => one.Category).Distinct())}"));
    foreach (var one in seen) Console.WriteLine(one.Text);
}
else
{
    var factory = host.Services.GetRequiredService<IGrainFactory>();
    var hosts = await factory.GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true);
    await Task.Delay(3000);
    RequestContext.Set(IPlacementDirector.PlacementHintKey, hosts.Keys.Single(silo => silo.Endpoint.Port == first));
    var answer = await factory.GetGrain<ISome>(0).Call();
    Console.WriteLine($"{setting}: the {Some.Version} silo sees {hosts.Count} active silos, and its call is answered by {answer}");
    await host.StopAsync();
    Console.WriteLine($"{setting}: errors in the log of the {Some.Version} silo: {errors.Seen.Count}");
    return;
}
await host.StopAsync();

public interface ISome : IGrainWithIntegerKey { Task<string> Call(); }

public class Some : Grain, ISome
{
    public static readonly string Version =
        FileVersionInfo.GetVersionInfo(typeof(Grain).Assembly.Location).ProductVersion.Split(". ")[0].Split('+')[0];
    public Task<string> Call() => Task.FromResult(Version);
}

public class Errors : ILoggerProvider
{
    public readonly ConcurrentQueue<(string Category, string Text)> Seen = new();
    public ILogger CreateLogger(string category) => new One(this, category);
    public void Dispose() { }

    class One(Errors all, string category) : ILogger
    {
        public IDisposable BeginScope<T>(T state) where T : notnull => null;
        public bool IsEnabled(LogLevel level) => level >= LogLevel.Error;
        public void Log<T>(LogLevel level, EventId id, T state, Exception exception, Func<T, Exception, string> format)
        {
            if (level >= LogLevel.Error) all.Seen.Enqueue((category, exception is null ? format(state, exception) : $"{exception.GetType().Name}: {exception.Message}"));
        }
    }
}
EOF

for version in 10.3.1 10.4.2; do
    rm -rf obj
    dotnet build -v q -p:Orleans=$version -o "out-$version" > build.txt || { cat build.txt; exit 1; }
done
for setting in "default" "switched off"; do
    timeout 40 dotnet out-10.3.1/finding.dll "$setting" "$dir/out-10.4.2/finding.dll" >> seen.txt || echo "exit code $?" >> seen.txt
done
sed -n 's/^#> //p' "$self" > stated.txt
diff stated.txt seen.txt || { echo "CHANGED: the behaviour is not as stated (< stated, > seen)" >&2; exit 1; }
cat seen.txt
