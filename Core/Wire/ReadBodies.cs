using System.ComponentModel;
using System.Text.Json;

namespace Orleans.Pipeline.Wire;

[Description("Records read, on the wire.")]
internal sealed record ReadRecordsBody(
    [property: Description("The records, by offset; none if the wait ran out at the end of the partition.")] IReadOnlyList<ReadRecordBody> Records,
    [property: Description("The offset to read from next.")] long NextOffset);

[Description("A record read, on the wire. RecordJsonWriter writes it.")]
internal class ReadRecordBody
{
    [Description("Its offset in the partition.")]
    public required long Offset { get; init; }

    [Description("Its time, in milliseconds since 1970-01-01T00:00:00Z.")]
    public required long Timestamp { get; init; }

    [Description("Its key, if that is text; null if it has none.")]
    public string? Key { get; init; }

    [Description("Its key in base64, if that is not text.")]
    public byte[]? KeyBase64 { get; init; }

    [Description("Its value, if that is JSON. A record without a value has neither value nor valueBase64.")]
    public JsonElement Value { get; init; }

    [Description("Its value in base64, if that is not JSON.")]
    public byte[]? ValueBase64 { get; init; }

    [Description("Its headers as text; of a repeated name the last. Read batches to get every header as it is.")]
    public IReadOnlyDictionary<string, string?>? Headers { get; init; }
}

[Description("An offset found by time, on the wire.")]
internal sealed record OffsetBody(
    [property: Description("The offset of the first batch that holds a record at or after the time; the end if every record is older.")] long Offset,
    [property: Description("The first offset still kept.")] long Start,
    [property: Description("The offset that the next record will get.")] long End);
