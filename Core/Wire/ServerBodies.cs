using System.ComponentModel;

namespace Orleans.Pipeline.Wire;

[Description("The gateway on the wire.")]
internal sealed record ServerBody(
    [property: Description("Always Orleans.Pipeline.")] string Product,
    [property: Description("Its version.")] string Version,
    [property: Description("The time by its clock.")] DateTimeOffset Time,
    [property: Description("The database beneath it: SQLite or PostgreSQL; null if it does not tell.")] string? Store,
    [property: Description("The version of the database's tables that it knows; null if the store has none.")] int? Schema,
    [property: Description("Whether callers must say who they are.")] bool Authentication,
    [property: Description("What a request may take.")] ServerLimitsBody Limits,
    [property: Description("Who the caller is, and what it may do.")] CallerBody Caller);

[Description("Limits on the wire.")]
internal sealed record ServerLimitsBody(
    [property: Description("The most bytes of a request's body; newline-delimited JSON may be longer.")] int RequestBytes,
    [property: Description("The most bytes of one record.")] int RecordBytes,
    [property: Description("The most bytes of a batch.")] int BatchBytes,
    [property: Description("The most bytes of batches that a read answers with, unless a single batch is larger.")] int ReadBytes,
    [property: Description("The longest that a read waits, in milliseconds.")] long WaitMs);

[Description("A caller on the wire.")]
internal sealed record CallerBody(
    [property: Description("Its name; anonymous where callers are not asked who they are.")] string Name,
    [property: Description("Its scopes, of produce, consume and operate.")] IReadOnlyList<string> Scopes,
    [property: Description("The patterns of its topics.")] IReadOnlyList<string> Topics,
    [property: Description("The patterns of its pipelines.")] IReadOnlyList<string> Pipelines);
