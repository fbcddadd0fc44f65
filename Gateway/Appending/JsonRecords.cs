using System.Text;
using System.Text.Unicode;
using Orleans.Pipeline.Gateway.Problems;
using Orleans.Pipeline.Wire;

namespace Orleans.Pipeline.Gateway.Appending;

internal static class JsonRecords
{
    /// <summary>Adds every record of a body.</summary>
    /// <param name="body">The request's body.</param>
    /// <param name="partition">The partition of records that name none; null to choose by key.</param>
    /// <param name="firstPartition">The first partition of the records without a key.</param>
    /// <param name="timestamp">The time of records that have none, in milliseconds since 1970-01-01T00:00:00Z.</param>
    /// <param name="records">The records to add to.</param>
    /// <exception cref="InvalidRequestException">The body is not a <see cref="RecordsBody"/>.</exception>
    /// <exception cref="InvalidRecordException">A record has two keys or two values, or is too large.</exception>
    public static void Add(ReadOnlySpan<byte> body, int? partition, int firstPartition, long timestamp, PartitionedRecords records)
    {
        body = ByteOrderMark.SkipIn(body);
        if (!Utf8.IsValid(body))
        {
            throw new InvalidRequestException("The JSON body is not UTF-8.");
        }

        if (JsonBodies.HasSeveralValues(body))
        {
            throw new InvalidRequestException($"The body has several JSON values; '{MediaTypes.Json}' is one. Send lines of JSON as "
                + $"'{MediaTypes.NewlineDelimitedJson}'.");
        }

        var given = JsonBodies.Read(body, WireJson.Default.RecordsBody)?.Records
            ?? throw new InvalidRequestException("The JSON body has no 'records'. Send {\"records\":[{\"value\":…}]}.");
        for (var index = 0; index < given.Count; index++)
        {
            var position = new RecordPosition("Record", index);
            var record = given[index] ?? throw new InvalidRecordException(position, "it is null.");
            records.Add(
                position,
                KeyOf(record, position),
                ValueOf(record, body, position),
                record.Timestamp ?? timestamp,
                HeadersOf(record, position),
                record.Partition ?? partition,
                firstPartition);
        }
    }

    private static ReadOnlySpan<byte> KeyOf(RecordBody record, RecordPosition position) => (record.Key, record.KeyBase64) switch
    {
        (null, null) => default,
        ({ } text, null) => Encoding.UTF8.GetBytes(text),
        (null, { } bytes) => bytes,
        _ => throw new InvalidRecordException(position, "it has both 'key' and 'keyBase64'; give one."),
    };

    private static ReadOnlySpan<byte> ValueOf(RecordBody record, ReadOnlySpan<byte> body, RecordPosition position) =>
        (record.Value.IsEmpty, record.ValueBase64) switch
        {
            (true, null) => default,
            (true, { } bytes) => bytes,
            (_, null) => record.Value.In(body),
            _ => throw new InvalidRecordException(position, "it has both 'value' and 'valueBase64'; give one."),
        };

    private static Header[]? HeadersOf(RecordBody record, RecordPosition position) => HeaderJson.FindFault(record.HeaderList) is { } fault
        ? throw new InvalidRecordException(position, fault)
        : HeaderJson.Read(record.HeaderList, record.Headers);
}
