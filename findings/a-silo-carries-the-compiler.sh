#!/usr/bin/env bash
# Microsoft.Orleans.Server 10.4.2 (10.3.1 does the same, and Microsoft.Orleans.Core.Abstractions alone).
#
# Expected: Orleans' code generation works while a project is compiled, as an analyzer, and is not in the output of the
#   program.
# What happens: Microsoft.Orleans.Serialization 10.4.2 depends on Microsoft.CodeAnalysis.Workspaces.Common as a run-time
#   library. So each silo, client and library of grain interfaces carries Roslyn, Humanizer and System.Composition, with
#   their language folders. A running silo loads none of it.
# Output seen (the lines after "#> "; the script fails on any other output):
#> Humanizer.dll
#> Microsoft.CodeAnalysis.Workspaces.dll
#> Microsoft.CodeAnalysis.dll
#> System.Composition.AttributedModel.dll
#> System.Composition.Convention.dll
#> System.Composition.Hosting.dll
#> System.Composition.Runtime.dll
#> System.Composition.TypedParts.dll
#> language folders: 13
#> loaded when a silo had started and a grain had answered: 0
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
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

static int FreePort() { using var l = new TcpListener(IPAddress.Loopback, 0); l.Start(); return ((IPEndPoint)l.LocalEndpoint).Port; }

var ofCompiler = new Regex("^(Microsoft.CodeAnalysis|Humanizer|System.Composition)");
foreach (var file in Directory.GetFiles(AppContext.BaseDirectory).Select(Path.GetFileName).Order(StringComparer.Ordinal))
    if (ofCompiler.IsMatch(file)) Console.WriteLine(file);
var languages = Directory.GetFiles(AppContext.BaseDirectory, "Microsoft.CodeAnalysis.resources.dll", SearchOption.AllDirectories);
Console.WriteLine($"language folders: {languages.Length}");

using var host = new HostBuilder()
    .UseOrleans(silo => silo.UseLocalhostClustering(FreePort(), FreePort()))
    .Build();
await host.StartAsync();
await host.Services.GetRequiredService<IClusterClient>().GetGrain<ISome>(0).Call();
var loaded = AppDomain.CurrentDomain.GetAssemblies().Count(assembly => ofCompiler.IsMatch(assembly.GetName().Name));
Console.WriteLine($"loaded when a silo had started and a grain had answered: {loaded}");
await host.StopAsync();

public interface ISome : IGrainWithIntegerKey { Task Call(); }

public class Some : Grain, ISome { public Task Call() => Task.CompletedTask; }
EOF

dotnet build -v q -o out > build.txt || { cat build.txt; exit 1; }
timeout 60 dotnet out/finding.dll > seen.txt || echo "exit code $?" >> seen.txt
sed -n 's/^#> //p' "$self" > stated.txt
diff stated.txt seen.txt || { echo "CHANGED: the behaviour is not as stated (< stated, > seen)" >&2; exit 1; }
cat seen.txt
