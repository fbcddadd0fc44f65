using Orleans.Pipeline.Records;

namespace Orleans.Pipeline.Gateway;

/// <summary>The bounds of the HTTP API. They are checked when the host starts.</summary>
public sealed class GatewaySettings
{
    /// <summary>How large records and batches may be. Default <see cref="Records.RecordLimits.Default"/>: record 1 MiB, batch 8 MiB.</summary>
    public RecordLimits RecordLimits { get; set; } = RecordLimits.Default;

    /// <summary>The most bytes of a request's body; at least <see cref="RecordLimits.BatchBytes"/>. Default 16 MiB.</summary>
    public int MaximumRequestBytes { get; set; } = 16 << 20;

    /// <summary>The most bytes of batches that a read answers with, unless a single batch is larger. Default 4 MiB.</summary>
    public int MaximumReadBytes { get; set; } = 4 << 20;

    /// <summary>The longest that a read waits at the end of a partition, whatever it asks for. Default 30 seconds.</summary>
    public TimeSpan MaximumWait { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a readiness check waits for the store and the engine before it reports them as not ready. Default 5 seconds.</summary>
    public TimeSpan HealthTimeout { get; set; } = TimeSpan.FromSeconds(5);
}
