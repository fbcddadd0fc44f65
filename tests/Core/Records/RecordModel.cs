using System.Text;

namespace Orleans.Pipeline.Core.Tests.Records;

/// <summary>A record as plain data, to say what a batch should hold.</summary>
internal sealed record RecordModel(long Timestamp, byte[]? Key, byte[]? Value, params (string Name, byte[]? Value)[] Headers)
{
    public static RecordModel Text(long timestamp, string? key, string? value, params (string Name, string? Value)[] headers) =>
        new(timestamp, Utf8(key), Utf8(value), [.. headers.Select(header => (header.Name, Utf8(header.Value)))]);

    /// <summary>Appends models to a builder.</summary>
    public static RecordBatchBuilder Append(RecordBatchBuilder builder, IEnumerable<RecordModel> models)
    {
        foreach (var model in models)
        {
            Header[] headers = [.. model.Headers.Select(header => new Header(
                header.Name,
                header.Value is null ? (ReadOnlyMemory<byte>?)null : header.Value))];
            builder.Append(model.Key, model.Value, model.Timestamp, headers.Length == 0 ? null : headers);
        }

        return builder;
    }

    /// <summary>Reads a batch back; each record's offset must be the one that is due.</summary>
    public static List<RecordModel> Read(RecordBatch batch)
    {
        var models = new List<RecordModel>();
        foreach (var record in batch.Decompress())
        {
            Assert.Equal(batch.BaseOffset + models.Count, record.Offset);
            models.Add(Of(record));
        }

        return models;
    }

    public override string ToString() =>
        $"{Timestamp} {Show(Key)} {Show(Value)} {string.Join(' ', Headers.Select(header => $"{header.Name}={Show(header.Value)}"))}";

    public bool Equals(RecordModel? other) => ToString() == other?.ToString();

    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    private static RecordModel Of(Record record) => new(
        record.Timestamp,
        record.HasKey ? record.Key.ToArray() : null,
        record.HasValue ? record.Value.ToArray() : null,
        [.. record.ReadHeaders().Select(header => (header.Name, header.Value?.ToArray()))]);

    private static string Show(byte[]? bytes) => bytes is null ? "none" : $"'{Convert.ToHexString(bytes)}'";

    private static byte[]? Utf8(string? text) => text is null ? null : Encoding.UTF8.GetBytes(text);
}
