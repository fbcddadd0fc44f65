using Orleans.Pipeline.Wire;

namespace Orleans.Pipeline.Client;

/// <summary>What a gateway tells about itself and about who asks.</summary>
/// <param name="Product">Always <c>Orleans.Pipeline</c>.</param>
/// <param name="Version">The gateway's version.</param>
/// <param name="Time">Its time, in UTC.</param>
/// <param name="Store">What keeps the records, <c>SQLite</c> or <c>PostgreSQL</c>; null if the gateway does not say.</param>
/// <param name="Schema">The version of the database's tables that it knows; null if the gateway does not say.</param>
/// <param name="Authentication">Whether it asks for credentials.</param>
/// <param name="Limits">What it takes at once.</param>
/// <param name="Caller">As whom it knows the caller, and what that may do.</param>
public sealed record ServerInfo(
    string Product,
    string Version,
    DateTimeOffset Time,
    string? Store,
    int? Schema,
    bool Authentication,
    ServerLimits Limits,
    ServerCaller Caller)
{
    internal static ServerInfo Of(ServerBody server) => new(
        server.Product,
        server.Version,
        server.Time,
        server.Store,
        server.Schema,
        server.Authentication,
        new(server.Limits.RequestBytes, server.Limits.RecordBytes, server.Limits.BatchBytes, server.Limits.ReadBytes, server.Limits.WaitMs),
        new(server.Caller.Name, server.Caller.Scopes, server.Caller.Topics, server.Caller.Pipelines));
}

/// <summary>What a gateway takes at once.</summary>
/// <param name="RequestBytes">The most bytes of a request's body, uploads of lines excepted.</param>
/// <param name="RecordBytes">The most bytes of a record.</param>
/// <param name="BatchBytes">The most bytes of a batch.</param>
/// <param name="ReadBytes">The most bytes that a read answers with, unless a single batch is larger.</param>
/// <param name="WaitMs">The longest that a read waits, in milliseconds.</param>
public sealed record ServerLimits(long RequestBytes, int RecordBytes, int BatchBytes, int ReadBytes, long WaitMs);

/// <summary>A caller as a gateway knows it.</summary>
/// <param name="Name">The name of its API key, or the subject of its token; null without credentials.</param>
/// <param name="Scopes">What it may do: <c>produce</c>, <c>consume</c>, <c>operate</c>.</param>
/// <param name="Topics">The patterns of the topics on which it may.</param>
/// <param name="Pipelines">The patterns of the pipelines on which it may.</param>
public sealed record ServerCaller(
    string? Name, IReadOnlyList<string> Scopes, IReadOnlyList<string> Topics, IReadOnlyList<string> Pipelines);
