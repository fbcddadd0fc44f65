namespace Orleans.Pipeline;

/// <summary>The largest sizes of records and batches from outside.</summary>
public sealed record RecordLimits
{
    /// <summary>The default limits.</summary>
    public static RecordLimits Default { get; } = new();

    /// <summary>The most bytes of one record: key, value, headers and their lengths. Default 1 MiB.</summary>
    public int RecordBytes { get; init; } = 1 << 20;

    /// <summary>The most bytes of a batch before decompression, header included. Default 8 MiB.</summary>
    public int BatchBytes { get; init; } = 8 << 20;

    /// <summary>The most bytes of a batch's records after decompression. Default 32 MiB.</summary>
    public int DecompressedBytes { get; init; } = 32 << 20;

    /// <summary>The most headers of one record. Default 256.</summary>
    public int Headers { get; init; } = 256;
}
