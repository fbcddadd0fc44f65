using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Pipeline.Grains.Nodes;

namespace Orleans.Pipeline.Cluster.Tests;

/// <summary>Whether silos log that others run another version of Orleans.</summary>
public sealed class VersionWatchTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Each_silo_warns_of_each_other_that_runs_another_version_of_Orleans()
    {
        var versions = new ConcurrentQueue<string?>(["10.4.2", "10.4.2", "10.5.0"]);
        var warnings = new Warnings(expected: 4);
        await using var cluster = await TestCluster.StartAsync(Numbers.Define, configureSilo: silo =>
        {
            versions.TryDequeue(out var version);
            silo.Services.AddSingleton(new OrleansVersion(version));
            silo.Services.AddSingleton<ILoggerProvider>(warnings);
        });

        await warnings.WhenThereAsync().WaitAsync(Patience);

        Assert.Equal(2, warnings.Count("runs Orleans 10.5.0; this silo runs Orleans 10.4.2."));
        Assert.Equal(2, warnings.Count("runs Orleans 10.4.2; this silo runs Orleans 10.5.0."));
    }

    [Fact]
    public async Task A_silo_warns_once_of_one_that_is_too_old_to_report_its_version()
    {
        var versions = new ConcurrentQueue<string?>(["10.4.2", null]);
        await using var cluster = await TestCluster.StartAsync(Numbers.Define, silos: 2, configureSilo: silo =>
        {
            versions.TryDequeue(out var version);
            silo.Services.AddSingleton(new OrleansVersion(version));
        });
        var warnings = new Warnings(expected: 1);
        var services = cluster.Silos.Silos.Select(silo => silo.ServiceProvider)
            .Single(silo => silo.GetRequiredService<OrleansVersion>().Text is not null);
        using var log = LoggerFactory.Create(log => log.AddProvider(warnings));
        var watch = ActivatorUtilities.CreateInstance<VersionWatch>(services, log.CreateLogger<VersionWatch>());

        await watch.LookAsync();
        await watch.LookAsync();

        Assert.Equal(1, warnings.Count("runs Orleans of an unknown, older version; this silo runs Orleans 10.4.2."));
        Assert.Equal(1, warnings.Count(""));
    }

    [Fact]
    public void The_version_is_that_of_Orleans_without_its_commit() =>
        Assert.Matches(@"^\d+\.\d+\.\d+[-\w.]*$", OrleansVersion.Loaded.Text);

    /// <summary>What is logged of versions.</summary>
    private sealed class Warnings(int expected) : ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<string> _texts = [];
        private readonly TaskCompletionSource _there = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Count(string part) => _texts.Count(text => text.Contains(part, StringComparison.Ordinal));

        public Task WhenThereAsync() => _there.Task;

        public ILogger CreateLogger(string categoryName) =>
            categoryName == typeof(VersionWatch).FullName ? this : Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

        public void Dispose()
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            Assert.Equal(LogLevel.Warning, logLevel);
            _texts.Enqueue(formatter(state, exception));
            if (_texts.Count >= expected)
            {
                _there.TrySetResult();
            }
        }
    }
}
