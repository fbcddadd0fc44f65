using System.Text;

namespace Orleans.Pipeline.Storage.Postgres;

/// <summary>The database of a PostgreSQL store, and how the store uses it.</summary>
public sealed record PostgresStoreSettings
{
    /// <summary>
    /// Gets the connection string in Npgsql's format: <c>Host=db;Database=shop;Username=pipeline;Password=…</c>. The store's own tables
    /// are in <see cref="Schema"/>; sink tables are in the first schema of the connection's search path, usually <c>public</c>. The string
    /// is never logged, and no error contains its password. The store sets pooling, prepared statements and buffers itself and ignores
    /// what the string says about them.
    /// </summary>
    public required string ConnectionString { get; init; }

    /// <summary>
    /// Gets the schema of the store's own tables: <c>[a-z][a-z0-9_]{0,62}</c>, not starting with <c>pg_</c>. The store creates it if it
    /// does not exist. Stores on the same schema share everything; two schemas in one database are two stores. Default <c>pipeline</c>.
    /// </summary>
    public string Schema { get; init; } = "pipeline";

    /// <summary>
    /// Gets the size in bytes at which a topic starts a new segment. A segment is a table that retention drops as a whole. It may exceed
    /// this size by an eighth for each process that appends. Default 256 MiB.
    /// </summary>
    public long SegmentBytes { get; init; } = 256 << 20;

    /// <summary>
    /// Gets the number of connections that append at the same time. Appends to one partition always use the same connection, in order;
    /// those that wait for it are written in one transaction. Default 8.
    /// </summary>
    public int Appenders { get; init; } = 8;

    /// <summary>
    /// Gets the number of transactions that write tasks' commits at the same time. Commits that wait are written together in the next
    /// transaction, as appends are. Default 4.
    /// </summary>
    public int Committers { get; init; } = 4;

    /// <summary>Gets the bytes of batches that one transaction appends at most; a larger batch is appended alone. Default 8 MiB.</summary>
    public long GroupBytes { get; init; } = 8 << 20;

    /// <summary>Gets the number of batches, or of commits, in one transaction at most. Default 256.</summary>
    public int GroupBatches { get; init; } = 256;

    /// <summary>
    /// Gets the number of connections for everything else: reads, commits and look-ups. A call waits while all are busy. The store opens
    /// these, <see cref="Appenders"/>, and two more for notifications. Default 16.
    /// </summary>
    public int Connections { get; init; } = 16;

    /// <summary>
    /// Gets the bytes of recently appended batches that this process keeps in memory for its own readers, so that the database does not
    /// send them back; 0 keeps none. Default 32 MiB.
    /// </summary>
    public long FreshBytes { get; init; } = 32 << 20;

    /// <summary>Gets the time without an answer after which the database counts as unavailable. Default 30 seconds.</summary>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Gets the interval at which the store asks the database whether its waiting readers have missed an append. It limits how long a
    /// reader can wait in vain after a network failure without a sign, or after another process was killed between an append and its
    /// notification. Default 10 seconds.
    /// </summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Gets the time after which retention forgets the sequences of an idle producer that has no name. A batch that the producer sends
    /// after that is refused as a gap unless its sequence is 0. A producer with a name is never forgotten: it holds its epoch until the
    /// name is opened again. Default 7 days.
    /// </summary>
    public TimeSpan ProducerExpiry { get; init; } = TimeSpan.FromDays(7);

    /// <summary>
    /// Gets how far ahead of the clock a producer may date a record. Records dated further ahead are appended too, but counted in
    /// <c>pipeline.topic.append.ahead</c>, and the first one of each topic is logged. Default one minute.
    /// </summary>
    public TimeSpan MaximumAhead { get; init; } = RecordTime.MaximumAhead;

    /// <summary>Checks every setting but the connection string.</summary>
    /// <exception cref="ArgumentException">A setting is out of range; the message names it.</exception>
    internal void Validate()
    {
        if (!IsSchemaName(Schema))
        {
            throw new ArgumentException(
                $"Schema is '{Schema}'; give 1 to 63 lower-case letters, digits or '_', starting with a letter and not with 'pg_'.");
        }

        Require.Positive(SegmentBytes, "Segment bytes");
        Require.Positive(Appenders, "Appenders");
        Require.Positive(Committers, "Committers");
        Require.Positive(GroupBytes, "Group bytes");
        Require.Positive(GroupBatches, "Group batches");
        Require.Positive(Connections, "Connections");
        if (FreshBytes < 0)
        {
            throw new ArgumentException($"Fresh bytes is {FreshBytes}; give 0 or more.");
        }

        Require.Positive(ProducerExpiry.Ticks, "Producer expiry");
        Require.Positive(MaximumAhead.Ticks, "Maximum ahead");
        RequireSeconds(CommandTimeout, "Command timeout");
        RequireSeconds(Heartbeat, "Heartbeat");
    }

    /// <summary>Prints every setting but the connection string, which holds the password.</summary>
    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append($"Schema = {Schema}, SegmentBytes = {SegmentBytes}, Appenders = {Appenders}, Committers = {Committers}, ");
        builder.Append($"GroupBytes = {GroupBytes}, ");
        builder.Append($"GroupBatches = {GroupBatches}, Connections = {Connections}, CommandTimeout = {CommandTimeout}, ");
        builder.Append($"FreshBytes = {FreshBytes}, Heartbeat = {Heartbeat}, ProducerExpiry = {ProducerExpiry}, ");
        builder.Append($"MaximumAhead = {MaximumAhead}");
        return true;
    }

    private static bool IsSchemaName(string name) =>
        name is { Length: > 0 and <= 63 } && char.IsAsciiLetterLower(name[0]) && !name.StartsWith("pg_", StringComparison.Ordinal)
        && name.All(character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character == '_');

    private static void RequireSeconds(TimeSpan value, string name)
    {
        if (value < TimeSpan.FromSeconds(1) || value > TimeSpan.FromDays(1))
        {
            throw new ArgumentException($"{name} is {value}; give 1 second to 1 day.");
        }
    }
}
