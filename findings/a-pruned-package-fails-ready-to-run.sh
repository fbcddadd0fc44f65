#!/usr/bin/env bash
# .NET SDK 10.0.4xx with its crossgen2 10.0.12 or later, and Radzen.Blazor 13.1.0.
#
# Expected: PrunePackageReference leaves out a package that the program never loads. Precompilation (PublishReadyToRun)
#   leaves methods that it cannot compile to the runtime, as it does for code that refers to missing assemblies.
# What happens: the publish fails. A class of Radzen.Blazor implements an interface of the pruned package, and crossgen2
#   looks at the implemented methods of every class before it compiles anything. The error names neither the prune nor
#   the assembly that is compiled. With that assembly in PublishReadyToRunExclude the publish succeeds.
# Output seen (the lines after "#> "; the script fails on any other output):
#> pruned: FileNotFoundException: Failed to load assembly 'Microsoft.Extensions.AI.Abstractions'
#> pruned, and Radzen.Blazor.dll excluded: published
set -euo pipefail
self=$(realpath "$0")
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1
echo '<Project />' | tee Directory.Build.props Directory.Build.targets > Directory.Packages.props
echo 'WebApplication.Create().Run();' > Program.cs

publish() { # LABEL ITEMS
    cat > finding.csproj <<EOF
<Project Sdk="Microsoft.NET.Sdk.Web">
  <PropertyGroup>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
    <RuntimeIdentifier>linux-x64</RuntimeIdentifier>
    <SelfContained>false</SelfContained>
    <PublishReadyToRun>true</PublishReadyToRun>
    <UseSharedCompilation>false</UseSharedCompilation>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Radzen.Blazor" Version="13.1.0" />
    $2
  </ItemGroup>
</Project>
EOF
    rm -rf obj bin out
    if dotnet publish -c Release -v q -o out > publish.txt 2>&1; then
        echo "$1: published"
    else
        echo "$1: $(grep -oE "FileNotFoundException: Failed to load assembly '[^']*'" publish.txt | head -1)"
    fi
}

prune='<PrunePackageReference Include="Microsoft.Extensions.AI" Version="99.0.0" />'
{
    publish "pruned" "$prune"
    publish "pruned, and Radzen.Blazor.dll excluded" "$prune<PublishReadyToRunExclude Include=\"Radzen.Blazor.dll\" />"
} > seen.txt
sed -n 's/^#> //p' "$self" > stated.txt
diff stated.txt seen.txt || { echo "CHANGED: the behaviour is not as stated (< stated, > seen)" >&2; cat publish.txt >&2; exit 1; }
cat seen.txt
