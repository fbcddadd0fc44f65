namespace Orleans.Pipeline;

/// <summary>The compression of a batch's records. The values are Kafka's.</summary>
public enum Compression
{
    /// <summary>No compression.</summary>
    None = 0,

    /// <summary>Compression with gzip (RFC 1952).</summary>
    Gzip = 1,
}
