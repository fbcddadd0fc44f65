using Orleans.Pipeline.Records;

namespace Orleans.Pipeline;

/// <summary>
/// The largest sizes of records and batches from outside. Tasks keep to them in what their steps yield: a larger result makes its record a
/// dead letter. A reader with the same limits reads whatever producers and tasks write, dead letters and replays included.
/// </summary>
public sealed record RecordLimits
{
    /// <summary>The most bytes that a dead letter, a replay and a place in a batch add to a record.</summary>
    internal const int AddedBytes = 32 << 10;

    /// <summary>The most headers that a dead letter or a replay adds to a record.</summary>
    internal const int AddedHeaders = 16;

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

    /// <summary>Returns the limits for reading, with room for what dead letters and replays add to a record of the largest size.</summary>
    internal RecordLimits ForReading() => this with
    {
        RecordBytes = RoomFor(RecordBytes),
        BatchBytes = RoomFor(BatchBytes),
        DecompressedBytes = RoomFor(DecompressedBytes),
        Headers = Headers + AddedHeaders,
    };

    /// <summary>Computes the bytes of a record that its limit counts.</summary>
    internal static long Measure(int keyLength, int valueLength, IReadOnlyList<Header> headers) =>
        Varint.Size(keyLength) + (long)keyLength + Varint.Size(valueLength) + valueLength + RecordBatchBuilder.MeasureHeaders(headers);

    private static int RoomFor(int bytes) => (int)Math.Min((long)bytes + AddedBytes, Array.MaxLength);
}
