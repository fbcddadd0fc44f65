using Microsoft.Extensions.Logging;
using Orleans.Pipeline.Tasks.Telemetry;

namespace Orleans.Pipeline.Tasks;

internal sealed record ProcessorSettings
{
    public required PipelineProfile Profile { get; init; }

    /// <summary>The most bytes that the task holds between accepting and committing.</summary>
    public required long ReadAheadBytes { get; init; }

    public required IWorkerPool Workers { get; init; }

    public required ICommitter Committer { get; init; }

    public required ILogger Logger { get; init; }

    /// <summary>Receives the measurements; null for a telemetry that only this task uses.</summary>
    internal StageTelemetry? Telemetry { get; init; }

    /// <summary>Times commits and retries. Default: the system's clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>
    /// Spreads the waits of retries. Several threads use it at once if the engine has several. Default: the shared source.
    /// </summary>
    public Random Random { get; init; } = Random.Shared;
}
