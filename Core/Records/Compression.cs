namespace Orleans.Pipeline;

/// <summary>How the records of a batch are compressed; the values are Kafka's.</summary>
public enum Compression
{
    /// <summary>Not at all.</summary>
    None = 0,

    /// <summary>With gzip (RFC 1952).</summary>
    Gzip = 1,
}
