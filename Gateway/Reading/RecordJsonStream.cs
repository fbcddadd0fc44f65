using System.IO.Pipelines;
using System.Text.Json;
using Orleans.Pipeline.Wire;

namespace Orleans.Pipeline.Gateway.Reading;

/// <summary>
/// Writes the response of a read as one JSON document. The document is sent while it is written, no faster than the client receives it. So
/// it needs the memory of one unpacked batch, however far records unpack.
/// </summary>
internal sealed class RecordJsonStream(PipeWriter output) : IDisposable
{
    private const int FlushBytes = 64 << 10;

    private readonly Utf8JsonWriter _json = new(output, RecordJsonWriter.Options);
    private long _flushed;

    private bool IsFull => _json.BytesCommitted + _json.BytesPending - _flushed >= FlushBytes;

    /// <summary>Writes the records of a partition from an offset on, in the form of <see cref="ReadRecordsBody"/>.</summary>
    /// <param name="batches">The batches read; the first may begin before the offset.</param>
    /// <param name="offset">The offset asked for.</param>
    /// <param name="cancellationToken">Cancels the write.</param>
    public async Task WriteAsync(IReadOnlyList<RecordBatch> batches, long offset, CancellationToken cancellationToken)
    {
        Begin();
        await WriteRecordsAsync(batches, offset, partition: null, cancellationToken);
        _json.WriteEndArray();
        _json.WriteNumber("nextOffset"u8, NextOffset(batches, offset));
        _json.WriteEndObject();
        await FlushAsync(cancellationToken);
    }

    /// <summary>Writes the records of several partitions, in the form of <see cref="ReadsAnswerBody"/>.</summary>
    /// <param name="reads">The batches by partition.</param>
    /// <param name="positions">The requested positions.</param>
    /// <param name="cancellationToken">Cancels the write.</param>
    public async Task WriteAsync(
        IReadOnlyList<PartitionRead> reads, IReadOnlyList<PartitionOffset> positions, CancellationToken cancellationToken)
    {
        var offsets = positions.ToDictionary(position => position.Partition, position => position.Offset);
        Begin();
        foreach (var (partition, batches) in reads)
        {
            await WriteRecordsAsync(batches, offsets[partition], partition, cancellationToken);
            offsets[partition] = NextOffset(batches, offsets[partition]);
        }

        _json.WriteEndArray();
        _json.WriteStartArray("positions"u8);
        foreach (var (partition, _) in positions)
        {
            _json.WriteStartObject();
            _json.WriteNumber("partition"u8, partition);
            _json.WriteNumber("nextOffset"u8, offsets[partition]);
            _json.WriteEndObject();
        }

        _json.WriteEndArray();
        _json.WriteEndObject();
        await FlushAsync(cancellationToken);
    }

    public void Dispose() => _json.Dispose();

    private static long NextOffset(IReadOnlyList<RecordBatch> batches, long offset) => batches.Count > 0 ? batches[^1].NextOffset : offset;

    private void Begin()
    {
        _json.WriteStartObject();
        _json.WriteStartArray("records"u8);
    }

    private async ValueTask WriteRecordsAsync(
        IReadOnlyList<RecordBatch> batches, long offset, int? partition, CancellationToken cancellationToken)
    {
        foreach (var batch in batches)
        {
            var unpacked = batch.Decompress();
            for (var (left, place) = (unpacked.Count, 0); left > 0;)
            {
                (left, place) = Write(unpacked, left, place, offset, partition);
                if (IsFull)
                {
                    await FlushAsync(cancellationToken);
                }
            }
        }
    }

    /// <summary>Writes records until it is time to flush.</summary>
    /// <returns>The number of records left, and the position of the next.</returns>
    private (int Left, int Place) Write(RecordBatch batch, int left, int place, long offset, int? partition)
    {
        var records = batch.GetEnumerator(left, place);
        while (!IsFull && records.MoveNext())
        {
            if (records.Current.Offset >= offset)
            {
                RecordJsonWriter.Write(_json, records.Current, partition);
            }
        }

        return (records.Left, records.Position);
    }

    private async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        _json.Flush();
        _flushed = _json.BytesCommitted;
        await output.FlushAsync(cancellationToken);
    }
}
