using Orleans.Pipeline.Records;

namespace Orleans.Pipeline.Gateway;

/// <summary>What a request to the HTTP API may take.</summary>
public sealed class GatewayLimits
{
    /// <summary>The most bytes of a request's body; at least <see cref="BatchBytes"/>. A streamed NDJSON body may be longer. Default 16 MiB.</summary>
    public int RequestBytes { get; set; } = 16 << 20;

    /// <summary>The most bytes of one record: key, value, headers and their lengths. Default 1 MiB.</summary>
    public int RecordBytes { get; set; } = RecordLimits.Default.RecordBytes;

    /// <summary>The most headers of one record. Default 256.</summary>
    public int RecordHeaders { get; set; } = RecordLimits.Default.Headers;

    /// <summary>The most bytes of a batch as it travels, header included. Default 8 MiB.</summary>
    public int BatchBytes { get; set; } = RecordLimits.Default.BatchBytes;

    /// <summary>The most bytes of a batch's records after decompression. Default 32 MiB.</summary>
    public int DecompressedBytes { get; set; } = RecordLimits.Default.DecompressedBytes;

    /// <summary>The most bytes of batches that a read answers with, unless a single batch is larger. Default 4 MiB.</summary>
    public int ReadBytes { get; set; } = 4 << 20;

    /// <summary>The longest that a read waits at the end of a partition, whatever it asks for; at most an hour. Default 30 seconds.</summary>
    public TimeSpan Wait { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The limits on records and batches, as those that check them take them.</summary>
    internal RecordLimits Records => new() { RecordBytes = RecordBytes, BatchBytes = BatchBytes, DecompressedBytes = DecompressedBytes, Headers = RecordHeaders };
}
