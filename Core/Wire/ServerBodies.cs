using System.ComponentModel;

namespace Orleans.Pipeline.Wire;

[Description("The gateway.")]
internal sealed record ServerBody(
    [property: Description("Always Orleans.Pipeline.")] string Product,
    [property: Description("Its version.")] string Version,
    [property: Description("The gateway's time.")] DateTimeOffset Time,
    [property: Description("The database of the store: SQLite or PostgreSQL; null if the store does not report it.")] string? Store,
    [property: Description("The version of the database's tables; null if the store has none.")] int? Schema,
    [property: Description("Whether callers must authenticate.")] bool Authentication,
    [property: Description("What a request may take.")] ServerLimitsBody Limits,
    [property: Description("The caller's name and permissions.")] CallerBody Caller);

[Description("The gateway's limits.")]
internal sealed record ServerLimitsBody(
    [property: Description("The most bytes of a request's body; newline-delimited JSON may be longer.")] int RequestBytes,
    [property: Description("The most bytes of one record.")] int RecordBytes,
    [property: Description("The most bytes of a batch.")] int BatchBytes,
    [property: Description("The most bytes of batches that a read returns. A single batch may be larger.")] int ReadBytes,
    [property: Description("The longest wait of a read, in milliseconds.")] long WaitMs);

[Description("A caller.")]
internal sealed record CallerBody(
    [property: Description("The caller's name; anonymous where callers need not authenticate.")] string Name,
    [property: Description("The caller's scopes, of produce, consume and operate.")] IReadOnlyList<string> Scopes,
    [property: Description("Patterns of the topics that the caller may use.")] IReadOnlyList<string> Topics,
    [property: Description("Patterns of the pipelines that the caller may use.")] IReadOnlyList<string> Pipelines);
