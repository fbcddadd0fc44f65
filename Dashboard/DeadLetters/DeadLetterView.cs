using Orleans.Pipeline.Dashboard.Records;

namespace Orleans.Pipeline.Dashboard.DeadLetters;

/// <summary>A copy of a dead letter for the page. A very large value is cut.</summary>
/// <param name="Letter">The dead letter, without key, value and headers.</param>
/// <param name="Record">The original record.</param>
public sealed record DeadLetterView(DeadLetter Letter, RecordView Record)
{
    /// <summary>The id among the dead letters of its pipeline.</summary>
    public string Id => Letter.Position.ToString();

    internal static DeadLetterView Of(DeadLetter letter) => new(
        letter with { Key = null, Value = null, Headers = [] },
        new RecordView(
            letter.Source.Partition,
            letter.SourceOffset,
            letter.Timestamp,
            letter.Key is { } key ? RecordView.TextOf(key.Span, RecordView.MaximumKeyLength) : null,
            letter.Value?.Span[..Math.Min(letter.Value.Value.Length, RecordView.MaximumValueBytes)].ToArray(),
            letter.Value?.Length ?? 0,
            [.. letter.Headers.Select(header => new KeyValuePair<string, string>(
                header.Name, header.Value is { } value ? RecordView.TextOf(value.Span, RecordView.MaximumValueBytes) : "null"))]));
}
