using System.Text;

namespace Orleans.Pipeline.Core.Tests.Processing;

/// <summary>A record as a topic keeps it, as text to compare; null is kept apart from empty.</summary>
internal sealed record StoredRecord(string? Key, string? Value, long Timestamp, string Headers)
{
    public static StoredRecord Of(Orleans.Pipeline.Records.Record record) => new(
        record.HasKey ? Encoding.UTF8.GetString(record.KeySpan) : null,
        record.HasValue ? Encoding.UTF8.GetString(record.ValueSpan) : null,
        record.Timestamp,
        string.Join("; ", record.ReadHeaders().Select(header => $"{header.Name}={header.AsText()}")));
}
