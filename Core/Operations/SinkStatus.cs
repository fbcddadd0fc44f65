using System.Text.Json.Serialization;

namespace Orleans.Pipeline;

/// <summary>The status of a sink of a stage.</summary>
/// <param name="Kind">The kind of sink.</param>
/// <param name="Name">The topic, the table, or the name that dead letters use for any other sink.</param>
/// <param name="RecordsPerSecond">
/// Items written to the sink per second over the last seconds: records for a topic, rows for a table, values for any other sink.
/// </param>
public sealed record SinkStatus(SinkKind Kind, string Name, double RecordsPerSecond);

/// <summary>The kind of a sink.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SinkKind>))]
public enum SinkKind
{
    /// <summary>A topic of the log.</summary>
    Topic,

    /// <summary>A table of the database.</summary>
    Table,

    /// <summary>Any other sink: a file, the console, a custom sink.</summary>
    Other,
}
