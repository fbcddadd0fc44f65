using Orleans.Pipeline.Records;

namespace Orleans.Pipeline.Client;

/// <summary>How a client talks to the gateway.</summary>
public sealed record PipelineClientSettings
{
    /// <summary>The settings with every default.</summary>
    public static PipelineClientSettings Default { get; } = new();

    /// <summary>
    /// How long a request may go without an answer, beyond the wait it asks for itself, before it counts as failed. Draining a
    /// pipeline has no such limit. Default 30 seconds.
    /// </summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The most connections, with HTTP/1.1; further requests wait for one. Default 32.</summary>
    public int MaximumConnections { get; init; } = 32;

    /// <summary>Whether to speak HTTP/2 only, also without TLS (prior knowledge). Default false: HTTP/1.1.</summary>
    public bool UseHttp2 { get; init; }

    /// <summary>How large records and batches from the gateway may be. Default <see cref="RecordLimits.Default"/>.</summary>
    public RecordLimits Limits { get; init; } = RecordLimits.Default;

    internal void Validate()
    {
        if (RequestTimeout <= TimeSpan.Zero)
        {
            throw new ArgumentOutOfRangeException(nameof(RequestTimeout), RequestTimeout, $"The client setting {nameof(RequestTimeout)} is {RequestTimeout}; give a positive time.");
        }

        if (MaximumConnections < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(MaximumConnections), MaximumConnections, $"The client setting {nameof(MaximumConnections)} is {MaximumConnections}; give 1 or more.");
        }
    }
}
