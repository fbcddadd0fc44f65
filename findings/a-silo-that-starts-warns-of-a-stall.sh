#!/usr/bin/env bash
# Microsoft.Orleans.Runtime 10.4.2 (10.3.1 does the same), default settings.
#
# Expected: a silo that starts on an idle machine does not warn of a stall.
# What happens: at most of its starts (not all: two of its threads race) the silo warns that the "participant check
#   thread has not completed for" a time. That time is as long as the MACHINE is up, which may be months: the watchdog
#   subtracts an unset time from the clock. The warning says nothing about the silo.
# Output seen (the lines after "#> "; the script fails on any other output):
#> 10 starts of a silo, warned at some of them: True
#> the warning: Participant check thread has not completed for TIME, potentially indicating lock contention or deadlock
#> each TIME was longer than the process was alive: True
#> each TIME was as long as the machine was up, give or take 5 s: True
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
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

static int FreePort() { using var l = new TcpListener(IPAddress.Loopback, 0); l.Start(); return ((IPEndPoint)l.LocalEndpoint).Port; }

for (var i = 0; i < 10; i++)
{
    using var host = new HostBuilder()
        .ConfigureLogging(logging => logging.AddProvider(new Warnings()))
        .UseOrleans(silo => silo.UseLocalhostClustering(FreePort(), FreePort()))
        .Build();
    await host.StartAsync();
    await Task.Delay(300);
    await host.StopAsync();
}

var seen = Warnings.Seen;
Console.WriteLine($"10 starts of a silo, warned at some of them: {seen.Count > 0}");
foreach (var text in seen.Select(one => one.Text).Distinct()) Console.WriteLine($"the warning: {text}");
Console.WriteLine($"each TIME was longer than the process was alive: {seen.All(one => one.Time > one.ProcessAlive)}");
var same = seen.All(one => (one.Time - one.MachineUp).Duration() < TimeSpan.FromSeconds(5));
Console.WriteLine($"each TIME was as long as the machine was up, give or take 5 s: {same}");

public record Warning(string Text, TimeSpan Time, TimeSpan MachineUp, TimeSpan ProcessAlive);

public class Warnings : ILoggerProvider, ILogger
{
    public static readonly ConcurrentQueue<Warning> Seen = new();

    public ILogger CreateLogger(string category) => this;

    public IDisposable BeginScope<TState>(TState state) => null;

    public bool IsEnabled(LogLevel level) => level >= LogLevel.Warning;

    public void Log<TState>(LogLevel level, EventId id, TState state, Exception e, Func<TState, Exception, string> text)
    {
        var stall = Regex.Match(text(state, e), "^(Participant check thread has not completed for )([^,]+)(.*?deadlock)");
        if (!IsEnabled(level) || !stall.Success) return;
        var alive = DateTime.Now - Process.GetCurrentProcess().StartTime;
        var machine = TimeSpan.FromMilliseconds(Environment.TickCount64);
        Seen.Enqueue(new(stall.Result("$1TIME$3"), TimeSpan.Parse(stall.Groups[2].Value), machine, alive));
    }

    public void Dispose() { }
}
EOF

dotnet build -v q -o out > build.txt || { cat build.txt; exit 1; }
timeout 60 dotnet out/finding.dll > seen.txt || echo "exit code $?" >> seen.txt
sed -n 's/^#> //p' "$self" > stated.txt
diff stated.txt seen.txt || { echo "CHANGED: the behaviour is not as stated (< stated, > seen)" >&2; exit 1; }
cat seen.txt
