using System.Text.Json.Serialization;

namespace Orleans.Pipeline;

/// <summary>What a stage writes.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">The topic, the table, or what dead letters call any other sink.</param>
/// <param name="RecordsPerSecond">
/// What commits wrote to it per second over the last seconds: records for a topic, rows for a table, values for any other.
/// </param>
public sealed record SinkStatus(SinkKind Kind, string Name, double RecordsPerSecond);

/// <summary>What kind of sink it is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SinkKind>))]
public enum SinkKind
{
    /// <summary>A topic of the log.</summary>
    Topic,

    /// <summary>A table of the database.</summary>
    Table,

    /// <summary>Anything else: a file, the console, a sink of one's own.</summary>
    Other,
}
