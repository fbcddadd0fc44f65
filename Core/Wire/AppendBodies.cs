using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orleans.Pipeline.Wire;

[Description("Where a batch landed, on the wire.")]
internal sealed record AppendedBatchBody(
    [property: Description("The offset of the batch's first record.")] long BaseOffset,
    [property: Description("One past the offset of its last record.")] long NextOffset,
    [property: Description("Whether the batch had been appended before; the offsets are those of the first time.")] bool IsRepeat);

[Description("Where records landed, on the wire.")]
internal sealed record AppendedRecordsBody(
    [property: Description("How many records were appended.")] long Appended,
    [property: Description("Where they landed: each partition that got any, by number.")] IReadOnlyList<AppendedRangeBody> Partitions)
{
    [Description("With an upload name: how many records were not appended, because they had been before.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Skipped { get; init; }
}

[Description("Where the records of one partition landed, on the wire.")]
internal sealed record AppendedRangeBody(
    [property: Description("The partition.")] int Partition,
    [property: Description("The offset of the first record.")] long BaseOffset,
    [property: Description("One past the offset of the last record.")] long NextOffset,
    [property: Description("How many records; fewer than the offsets from first to last if others appended in between.")] long Records)
{
    /// <summary>This range and a later one of the same partition as one.</summary>
    public AppendedRangeBody Through(AppendedRangeBody later) => this with { NextOffset = later.NextOffset, Records = Records + later.Records };
}

[Description("Records to append.")]
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record RecordsBody([property: Description("The records, in order.")] IReadOnlyList<RecordBody>? Records = null);

[Description("A record to append.")]
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed class RecordBody
{
    [Description("The key, as text; null or left out for none.")]
    public string? Key { get; set; }

    [Description("The key, as bytes in base64, instead of key.")]
    public byte[]? KeyBase64 { get; set; }

    [Description("The value: any JSON, which becomes the record's bytes as it stands. Left out with valueBase64 left out too: no value.")]
    public JsonElement Value { get; set; }

    [Description("The value, as bytes in base64, instead of value.")]
    public byte[]? ValueBase64 { get; set; }

    [Description("Headers, as text.")]
    public IReadOnlyDictionary<string, string?>? Headers { get; set; }

    [Description("The record's time, in milliseconds since 1970-01-01T00:00:00Z. Left out: now.")]
    public long? Timestamp { get; set; }

    [Description("The partition. Left out: by the key, as Kafka's default partitioner does, or in turn for records without one.")]
    public int? Partition { get; set; }
}
