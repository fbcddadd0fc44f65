using Orleans.Pipeline.Wire;

namespace Orleans.Pipeline.Client;

/// <summary>The version and limits of a gateway, and the caller's permissions.</summary>
/// <param name="Product">Always <c>Orleans.Pipeline</c>.</param>
/// <param name="Version">The gateway's version.</param>
/// <param name="Time">The gateway's time, in UTC.</param>
/// <param name="Store">The kind of store, <c>SQLite</c> or <c>PostgreSQL</c>; null if the gateway does not report it.</param>
/// <param name="Schema">The version of the database's tables that the gateway knows; null if the gateway does not report it.</param>
/// <param name="Authentication">Whether the gateway asks for credentials.</param>
/// <param name="Limits">The gateway's limits.</param>
/// <param name="Caller">The caller as the gateway knows it, and its permissions.</param>
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

/// <summary>The limits of a gateway.</summary>
/// <param name="RequestBytes">The maximum bytes of a request's body, except for uploads of lines.</param>
/// <param name="RecordBytes">The maximum bytes of a record.</param>
/// <param name="BatchBytes">The maximum bytes of a batch.</param>
/// <param name="ReadBytes">The maximum bytes that a read returns, unless a single batch is larger.</param>
/// <param name="WaitMs">The maximum time that a read waits, in milliseconds.</param>
public sealed record ServerLimits(long RequestBytes, int RecordBytes, int BatchBytes, int ReadBytes, long WaitMs);

/// <summary>A caller as a gateway knows it.</summary>
/// <param name="Name">The name of the caller's API key, or the subject of its token; null without credentials.</param>
/// <param name="Scopes">The permissions: <c>produce</c>, <c>consume</c>, <c>operate</c>.</param>
/// <param name="Topics">The patterns of the topics that the permissions cover.</param>
/// <param name="Pipelines">The patterns of the pipelines that the permissions cover.</param>
public sealed record ServerCaller(
    string? Name, IReadOnlyList<string> Scopes, IReadOnlyList<string> Topics, IReadOnlyList<string> Pipelines);
