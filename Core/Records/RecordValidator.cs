using System.Text.Unicode;

namespace Orleans.Pipeline.Records;

/// <summary>Checks the uncompressed records of a batch from outside in order, and describes the fault of the first bad one.</summary>
internal ref struct RecordValidator
{
    /// <summary>The smallest record: length, attributes, two deltas, two lengths and the header count, one byte each.</summary>
    private const int SmallestRecord = 7;

    private readonly RecordLimits _limits;
    private readonly long _baseTimestamp;
    private readonly ReadOnlySpan<byte> _records;
    private int _position;
    private long _newest = long.MinValue;

    private RecordValidator(ReadOnlySpan<byte> records, long baseTimestamp, RecordLimits limits)
    {
        _records = records;
        _baseTimestamp = baseTimestamp;
        _limits = limits;
    }

    /// <summary>Describes the first fault and its place; null if there is none.</summary>
    public static string? FindFault(ReadOnlySpan<byte> records, RecordBatch batch, RecordLimits limits)
    {
        var count = batch.Count;
        if (count > records.Length / SmallestRecord)
        {
            return $"its record count is {count}, more than fit into {records.Length} bytes.";
        }

        var validator = new RecordValidator(records, batch.BaseTimestamp, limits);
        for (var index = 0; index < count; index++)
        {
            var start = validator._position;
            if (validator.NextFault(index) is { } fault)
            {
                return $"record {index} of {count}, at byte {start} of the records: {fault}";
            }
        }

        if (validator._position != records.Length)
        {
            return $"{records.Length - validator._position} bytes follow its last record.";
        }

        return validator._newest == batch.MaximumTimestamp
            ? null
            : $"its maximum timestamp is {batch.MaximumTimestamp} ms, but its newest record is of {validator._newest} ms.";
    }

    private string? NextFault(int index)
    {
        if (!Varint.TryRead32(_records, ref _position, out var length)
            || length < SmallestRecord - 1
            || length > _records.Length - _position)
        {
            return "its length is not valid, or passes the end of the batch.";
        }

        if (length > _limits.RecordBytes)
        {
            return $"it has {length} bytes; the limit is {_limits.RecordBytes}.";
        }

        var record = _records.Slice(_position, length);
        _position += length;
        var at = 1; // after the attributes: none are defined
        if (!Varint.TryRead64(record, ref at, out var timestampDelta) || !Varint.TryRead32(record, ref at, out var offsetDelta))
        {
            return "its timestamp or offset delta is not valid.";
        }

        // The base is in the years 1 to 9999, so a sum that wraps around is far outside them.
        var timestamp = unchecked(_baseTimestamp + timestampDelta);
        if (!RecordTime.IsValid(timestamp))
        {
            return $"its timestamp is {timestampDelta} ms from the batch's, outside the years 1 to 9999.";
        }

        _newest = Math.Max(_newest, timestamp);
        return offsetDelta != index ? $"its offset delta is {offsetDelta}; {index} comes next." : ContentFault(record, at);
    }

    private readonly string? ContentFault(ReadOnlySpan<byte> record, int at)
    {
        if (!TrySkipField(record, ref at) || !TrySkipField(record, ref at))
        {
            return "its key or value passes the end of the record.";
        }

        if (!Varint.TryRead32(record, ref at, out var headers) || headers < 0)
        {
            return "its header count is not valid.";
        }

        if (headers > _limits.Headers)
        {
            return $"it has {headers} headers; the limit is {_limits.Headers}.";
        }

        for (var header = 0; header < headers; header++)
        {
            if (HeaderFault(record, ref at) is { } fault)
            {
                return $"header {header} of {headers}: {fault}";
            }
        }

        return at != record.Length ? $"{record.Length - at} bytes follow its headers." : null;
    }

    private static string? HeaderFault(ReadOnlySpan<byte> record, ref int at)
    {
        if (!Varint.TryRead32(record, ref at, out var nameLength) || nameLength < 0 || nameLength > record.Length - at)
        {
            return "its name passes the end of the record, or is missing.";
        }

        if (!Utf8.IsValid(record.Slice(at, nameLength)))
        {
            return "its name is not UTF-8.";
        }

        at += nameLength;
        return TrySkipField(record, ref at) ? null : "its value passes the end of the record.";
    }

    private static bool TrySkipField(ReadOnlySpan<byte> record, ref int at)
    {
        if (!Varint.TryRead32(record, ref at, out var length) || length < -1 || length > record.Length - at)
        {
            return false;
        }

        at += Math.Max(length, 0);
        return true;
    }
}
