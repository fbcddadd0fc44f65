using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Orleans.Pipeline.Wire;

[Description("The offsets of an appended batch.")]
internal sealed record AppendedBatchBody(
    [property: Description("The offset of the batch's first record.")] long BaseOffset,
    [property: Description("One past the offset of its last record.")] long NextOffset,
    [property: Description("Whether the batch was appended before. The offsets are then those of the first append.")] bool IsRepeat);

[Description("The offsets of appended records.")]
internal sealed record AppendedRecordsBody(
    [property: Description("How many records were appended.")] long Appended,
    [property: Description("The offsets by partition, of each partition that received records.")]
    IReadOnlyList<AppendedRangeBody> Partitions)
{
    [Description("With an upload name: how many records were skipped because they were appended before.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Skipped { get; init; }
}

[Description("The offsets of the records appended to one partition.")]
internal sealed record AppendedRangeBody(
    [property: Description("The partition.")] int Partition,
    [property: Description("The offset of the first record.")] long BaseOffset,
    [property: Description("One past the offset of the last record.")] long NextOffset,
    [property: Description("How many records. Fewer than the offsets from first to last if other producers appended in between.")]
    long Records)
{
    /// <summary>Joins this range with a later one of the same partition.</summary>
    public AppendedRangeBody Through(AppendedRangeBody later) =>
        this with { NextOffset = later.NextOffset, Records = Records + later.Records };
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

    [Description("The value: any JSON. Its bytes become the record's value unchanged. "
        + "Without value and valueBase64 the record has no value.")]
    public JsonRange Value { get; set; }

    [Description("The value, as bytes in base64, instead of value.")]
    public byte[]? ValueBase64 { get; set; }

    [Description("Headers as text, each name once. Ignored if there is a headerList.")]
    [JsonConverter(typeof(HeaderMapConverter))]
    public IReadOnlyDictionary<string, string?>? Headers { get; set; }

    [Description("Headers in order, as text or bytes. Names may repeat.")]
    public IReadOnlyList<SentHeaderBody>? HeaderList { get; set; }

    [Description("The record's time, in milliseconds since 1970-01-01T00:00:00Z. Left out: now.")]
    public long? Timestamp { get; set; }

    [Description("The partition. Left out: by the key, as Kafka's default partitioner does, or in turn for records without one.")]
    public int? Partition { get; set; }
}
