using System.Text;

namespace Orleans.Pipeline.Storage.Postgres;

/// <summary>Which database a PostgreSQL store uses and how.</summary>
public sealed record PostgresStoreSettings
{
    /// <summary>
    /// How to reach the database, as Npgsql reads it: <c>Host=db;Database=shop;Username=pipeline;Password=…</c>. The store's own tables
    /// lie in <see cref="Schema"/>; sink tables lie in the first schema of the connection's search path, usually <c>public</c>. It is
    /// never logged, and no error carries its password. Pooling, preparing and buffers are the store's own business: what it says of
    /// them is not used.
    /// </summary>
    public required string ConnectionString { get; init; }

    /// <summary>
    /// The schema of the store's own tables, <c>[a-z][a-z0-9_]{0,62}</c> and not starting with <c>pg_</c>; it is created if it is not
    /// there. Stores on the same schema share everything; two schemas in one database are two stores. Default <c>pipeline</c>.
    /// </summary>
    public string Schema { get; init; } = "pipeline";

    /// <summary>
    /// Bytes of a topic's segment, a table that retention drops as a whole, from which on the topic gets a new one. A segment may grow
    /// past it by an eighth for each process that appends. Default 256 MiB.
    /// </summary>
    public long SegmentBytes { get; init; } = 256 << 20;

    /// <summary>
    /// Connections that append at the same time. Appends to one partition always go over the same one, in order; those that wait for
    /// it go together in one transaction. Default 8.
    /// </summary>
    public int Appenders { get; init; } = 8;

    /// <summary>
    /// Transactions of tasks' commits at the same time; commits that wait meanwhile go together in the next, as appends do. Default 4.
    /// </summary>
    public int Committers { get; init; } = 4;

    /// <summary>Bytes of batches that one transaction appends; a larger batch goes alone. Default 8 MiB.</summary>
    public long GroupBytes { get; init; } = 8 << 20;

    /// <summary>Batches that one transaction appends, and commits that go in one. Default 256.</summary>
    public int GroupBatches { get; init; } = 256;

    /// <summary>
    /// Connections that do everything else at the same time: reads, commits, look-ups; who comes when all are busy waits for one. With
    /// <see cref="Appenders"/> and two more for notifications, these are all the connections the store opens. Default 16.
    /// </summary>
    public int Connections { get; init; } = 16;

    /// <summary>
    /// Bytes of the newest batches appended by this process that it keeps in memory for its own readers, which then need not have them
    /// sent back; 0 keeps none. Default 32 MiB.
    /// </summary>
    public long FreshBytes { get; init; } = 32 << 20;

    /// <summary>How long an answer from the database may take before it counts as unavailable. Default 30 seconds.</summary>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How often the connection that hears of other processes' appends is tested, by asking whether the waiting readers have missed
    /// any. It bounds how long a reader can sleep after a network broke without a sign, or after another process appended and was
    /// killed before it could tell. Default 10 seconds.
    /// </summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a producer may stay away before its sequences are forgotten, when retention is applied. A batch that it sends
    /// after that is refused as a gap unless its sequence is 0. Default 7 days.
    /// </summary>
    public TimeSpan ProducerExpiry { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Checks every setting but the connection string.</summary>
    /// <exception cref="ArgumentException">A setting is out of range; the message names it.</exception>
    internal void Validate()
    {
        if (!IsSchemaName(Schema))
        {
            throw new ArgumentException(
                $"Schema is '{Schema}'; give 1 to 63 lower-case letters, digits or '_', starting with a letter and not with 'pg_'.");
        }

        RequirePositive(SegmentBytes, "Segment bytes");
        RequirePositive(Appenders, "Appenders");
        RequirePositive(Committers, "Committers");
        RequirePositive(GroupBytes, "Group bytes");
        RequirePositive(GroupBatches, "Group batches");
        RequirePositive(Connections, "Connections");
        if (FreshBytes < 0)
        {
            throw new ArgumentException($"Fresh bytes is {FreshBytes}; give 0 or more.");
        }

        RequirePositive(ProducerExpiry.Ticks, "Producer expiry");
        RequireSeconds(CommandTimeout, "Command timeout");
        RequireSeconds(Heartbeat, "Heartbeat");
    }

    /// <summary>Prints every setting but the connection string, which holds the password.</summary>
    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append($"Schema = {Schema}, SegmentBytes = {SegmentBytes}, Appenders = {Appenders}, Committers = {Committers}, GroupBytes = {GroupBytes}, ");
        builder.Append($"GroupBatches = {GroupBatches}, Connections = {Connections}, CommandTimeout = {CommandTimeout}, ");
        builder.Append($"FreshBytes = {FreshBytes}, Heartbeat = {Heartbeat}, ProducerExpiry = {ProducerExpiry}");
        return true;
    }

    private static bool IsSchemaName(string name) =>
        name is { Length: > 0 and <= 63 } && char.IsAsciiLetterLower(name[0]) && !name.StartsWith("pg_", StringComparison.Ordinal)
        && name.All(character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character == '_');

    private static void RequirePositive(long value, string name)
    {
        if (value <= 0)
        {
            throw new ArgumentException($"{name} is {value}; give a positive number.");
        }
    }

    private static void RequireSeconds(TimeSpan value, string name)
    {
        if (value < TimeSpan.FromSeconds(1) || value > TimeSpan.FromDays(1))
        {
            throw new ArgumentException($"{name} is {value}; give 1 second to 1 day.");
        }
    }
}
