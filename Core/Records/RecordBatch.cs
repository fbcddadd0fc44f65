using System.Buffers.Binary;
using Orleans.Pipeline.Records;
using Layout = Orleans.Pipeline.Records.RecordBatchLayout;

namespace Orleans.Pipeline;

/// <summary>
/// A record batch in Kafka's layout, version 2 (magic 2): a header of 61 bytes and the records. The wire, the log and the grains use the
/// same bytes. <see cref="Validate"/> checks them once, at the edge; after that they are trusted.
/// </summary>
/// <remarks>Source: Apache Kafka's documentation, "Implementation / Message Format / Record Batch".</remarks>
public readonly partial struct RecordBatch
{
    /// <summary>The size of a batch's header, in bytes.</summary>
    public const int HeaderBytes = Layout.Records;

    /// <summary>The producer id of a batch without an idempotent producer.</summary>
    public const long NoProducer = -1;

    private RecordBatch(ReadOnlyMemory<byte> bytes) => Bytes = bytes;

    /// <summary>The whole batch, header included.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>The offset of the first record; the log sets it on an append.</summary>
    public long BaseOffset => BinaryPrimitives.ReadInt64BigEndian(Bytes.Span[Layout.BaseOffset..]);

    /// <summary>The offset of the last record.</summary>
    public long LastOffset => BaseOffset + LastOffsetDelta;

    /// <summary>One past the offset of the last record.</summary>
    public long NextOffset => LastOffset + 1;

    /// <summary>The offset of the last record minus that of the first.</summary>
    public int LastOffsetDelta => BinaryPrimitives.ReadInt32BigEndian(Bytes.Span[Layout.LastOffsetDelta..]);

    /// <summary>The number of records, 1 or more.</summary>
    public int Count => BinaryPrimitives.ReadInt32BigEndian(Bytes.Span[Layout.Count..]);

    /// <summary>The compression of the records.</summary>
    public Compression Compression => (Compression)(Attributes & Layout.CompressionMask);

    /// <summary>
    /// The timestamp from which the records' timestamps are counted, in milliseconds since 1970-01-01T00:00:00Z; usually that of the first
    /// record.
    /// </summary>
    public long BaseTimestamp => BinaryPrimitives.ReadInt64BigEndian(Bytes.Span[Layout.BaseTimestamp..]);

    /// <summary>The newest timestamp in the batch, in milliseconds since 1970-01-01T00:00:00Z.</summary>
    public long MaximumTimestamp => BinaryPrimitives.ReadInt64BigEndian(Bytes.Span[Layout.MaximumTimestamp..]);

    /// <summary>The id of the batch's producer, or <see cref="NoProducer"/>.</summary>
    public long ProducerId => BinaryPrimitives.ReadInt64BigEndian(Bytes.Span[Layout.ProducerId..]);

    /// <summary>The producer's epoch.</summary>
    public short ProducerEpoch => BinaryPrimitives.ReadInt16BigEndian(Bytes.Span[Layout.ProducerEpoch..]);

    /// <summary>
    /// The sequence of the first record. A producer counts its records per partition; sequences wrap from 2,147,483,647 to 0.
    /// </summary>
    public int BaseSequence => BinaryPrimitives.ReadInt32BigEndian(Bytes.Span[Layout.BaseSequence..]);

    /// <summary>The size of the batch with its records unpacked, in bytes, header included.</summary>
    internal int UnpackedBytes => Compression == Compression.None
        ? Bytes.Length
        : HeaderBytes + GzipCodec.MeasureUnpacked(Bytes.Span[HeaderBytes..], Array.MaxLength - HeaderBytes);

    private short Attributes => BinaryPrimitives.ReadInt16BigEndian(Bytes.Span[Layout.Attributes..]);

    /// <summary>Wraps bytes that were validated before, such as those in the log.</summary>
    /// <param name="bytes">One whole batch.</param>
    public static RecordBatch Trust(ReadOnlyMemory<byte> bytes) => new(bytes);

    /// <summary>Wraps bytes that were validated before and sets their base offset in place.</summary>
    /// <param name="bytes">One whole batch, which this method changes.</param>
    /// <param name="baseOffset">The offset of the batch's first record.</param>
    public static RecordBatch Trust(Memory<byte> bytes, long baseOffset)
    {
        BinaryPrimitives.WriteInt64BigEndian(bytes.Span[Layout.BaseOffset..], baseOffset);
        return new(bytes);
    }

    /// <summary>Returns the batch with its records uncompressed; the same batch if they already are.</summary>
    /// <returns>A batch with the same header fields but no compression.</returns>
    /// <exception cref="InvalidRecordBatchException">The compressed bytes are damaged (never, for a batch that was validated).</exception>
    public RecordBatch Decompress()
    {
        if (Compression == Compression.None)
        {
            return this;
        }

        var packed = Bytes.Span[HeaderBytes..];
        var bytes = GC.AllocateUninitializedArray<byte>(HeaderBytes + GzipCodec.MeasureUnpacked(packed, Array.MaxLength - HeaderBytes));
        GzipCodec.Unpack(packed, bytes.AsSpan(HeaderBytes));
        var header = bytes.AsSpan(0, HeaderBytes);
        Bytes.Span[..HeaderBytes].CopyTo(header);
        BinaryPrimitives.WriteInt32BigEndian(header[Layout.Length..], bytes.Length - Layout.LengthExcludes);
        BinaryPrimitives.WriteInt16BigEndian(header[Layout.Attributes..], (short)(Attributes & ~Layout.CompressionMask));
        BinaryPrimitives.WriteUInt32BigEndian(header[Layout.Crc..], Layout.ComputeCrc(bytes.AsSpan(Layout.Attributes)));
        return new(bytes);
    }

    /// <summary>Returns the sequence that follows a batch. Sequences wrap from 2,147,483,647 to 0.</summary>
    /// <param name="sequence">The batch's base sequence.</param>
    /// <param name="count">The batch's number of records.</param>
    public static int SequenceAfter(int sequence, int count) => (int)(((long)sequence + count) & int.MaxValue);

    /// <summary>Walks the records. A compressed batch must be decompressed first: <see cref="Decompress"/>.</summary>
    /// <exception cref="InvalidOperationException">The batch is compressed.</exception>
    public RecordEnumerator GetEnumerator() => GetEnumerator(Count, place: 0);

    /// <summary>Continues a walk that was interrupted.</summary>
    /// <param name="left">The <see cref="RecordEnumerator.Left"/> of that walk.</param>
    /// <param name="place">Its <see cref="RecordEnumerator.Position"/>.</param>
    internal RecordEnumerator GetEnumerator(int left, int place) => Compression == Compression.None
        ? new(Bytes[HeaderBytes..], BaseOffset, BaseTimestamp, left, place)
        : throw new InvalidOperationException(
            $"The batch at offset {BaseOffset} is compressed with {Compression}; decompress it before reading its records.");
}
