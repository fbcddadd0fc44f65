using Microsoft.Extensions.Logging;
using Orleans.Pipeline.Tasks.Telemetry;

namespace Orleans.Pipeline.Tasks;

/// <summary>What a task needs to run.</summary>
internal sealed record ProcessorSettings
{
    /// <summary>The pipeline's profile.</summary>
    public required PipelineProfile Profile { get; init; }

    /// <summary>The most bytes the task holds that are accepted but not committed.</summary>
    public required long ReadAheadBytes { get; init; }

    /// <summary>Runs the steps.</summary>
    public required IWorkerPool Workers { get; init; }

    /// <summary>Makes the commits.</summary>
    public required ICommitter Committer { get; init; }

    /// <summary>Logs outages and fencing.</summary>
    public required ILogger Logger { get; init; }

    /// <summary>Receives the measurements; null for telemetry of the task's own.</summary>
    internal StageTelemetry? Telemetry { get; init; }

    /// <summary>Times commits and retries. Default the system's clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>
    /// Spreads the waits of retries; used by several threads at once where the engine has several. Default the shared source.
    /// </summary>
    public Random Random { get; init; } = Random.Shared;
}
