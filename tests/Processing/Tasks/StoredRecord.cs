using System.Text;

namespace Orleans.Pipeline.Processing.Tests.Tasks;

/// <summary>A record as a topic keeps it, as text to compare; null is kept apart from empty.</summary>
internal sealed record StoredRecord(string? Key, string? Value, long Timestamp, string Headers)
{
    private const string Between = "; ";

    public static StoredRecord Of(Orleans.Pipeline.Record record) => new(
        record.HasKey ? Encoding.UTF8.GetString(record.KeySpan) : null,
        record.HasValue ? Encoding.UTF8.GetString(record.ValueSpan) : null,
        record.Timestamp,
        string.Join(Between, record.ReadHeaders().Select(header => $"{header.Name}={header.AsText()}")));

    /// <summary>A dead letter's stack; null if it has none.</summary>
    public string? Stack => HeadersApart.SingleOrDefault(IsStack)?[(DeadLetterHeaders.ErrorStack.Length + 1)..];

    private string[] HeadersApart => Headers.Split(Between);

    /// <summary>A dead letter but for its stack, which depends on where it was built and how it was tried.</summary>
    public StoredRecord WithoutStack() => this with { Headers = string.Join(Between, HeadersApart.Where(header => !IsStack(header))) };

    private static bool IsStack(string header) => header.StartsWith(DeadLetterHeaders.ErrorStack + "=", StringComparison.Ordinal);
}
