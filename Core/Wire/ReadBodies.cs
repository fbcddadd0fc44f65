using System.ComponentModel;
using System.Text.Json;

namespace Orleans.Pipeline.Wire;

[Description("The records of a read.")]
internal sealed record ReadRecordsBody(
    [property: Description("The records, by offset; none if the wait ended without an append.")] IReadOnlyList<ReadRecordBody> Records,
    [property: Description("The offset to read from next.")] long NextOffset);

[Description("A record of a read.")]
internal class ReadRecordBody
{
    [Description("The record's offset in the partition.")]
    public required long Offset { get; init; }

    [Description("The record's time, in milliseconds since 1970-01-01T00:00:00Z.")]
    public required long Timestamp { get; init; }

    [Description("The record's key if it is text; null if the record has no key.")]
    public string? Key { get; init; }

    [Description("The record's key in base64 if it is not text.")]
    public byte[]? KeyBase64 { get; init; }

    [Description("The record's value if it is JSON. A record without a value has neither value nor valueBase64.")]
    public JsonElement Value { get; init; }

    [Description("The record's value in base64 if it is not JSON.")]
    public byte[]? ValueBase64 { get; init; }

    [Description("The record's headers as text. Of headers with the same name only the last is here; headerList has all of them.")]
    public IReadOnlyDictionary<string, string?>? Headers { get; init; }

    [Description("The record's headers in order, their bytes unchanged. Left out if the record has none.")]
    public IReadOnlyList<HeaderBody>? HeaderList { get; init; }
}

[Description("An offset found by time.")]
internal sealed record OffsetBody(
    [property: Description("The offset of the first batch that holds a record at or after the time; the end if every record is older.")]
    long Offset,
    [property: Description("The first offset that is stored.")] long Start,
    [property: Description("The offset of the next record to be appended.")] long End);
