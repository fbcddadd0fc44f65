using System.Globalization;
using Orleans.Pipeline.Storage.Sqlite.Connections;

namespace Orleans.Pipeline.Storage.Sqlite.Files;

/// <summary>
/// The store's own tables, their version, and the migration from each version to the next. All times are milliseconds since
/// 1970-01-01T00:00:00Z.
/// </summary>
internal static class Schema
{
    /// <summary>Identifies a database file of this program: "OPPL".</summary>
    public const int ApplicationId = 0x4F50504C;

    /// <summary>
    /// The migrations from version n to n + 1.
    /// <list type="bullet">
    /// <item>A <c>position</c> is a <c>BatchPosition</c>.</item>
    /// <item><c>maximum_timestamp</c> is the newest timestamp of the partition up to and with the batch, and <c>bytes_before</c> counts the
    /// bytes of the batches before it. So both rise with the position, and a binary search finds a value.</item>
    /// <item>The blob comes after the columns that every read uses, so that reading those does not read the blob.</item>
    /// <item><c>appended_at</c> rises with the position too. A batch of version 2 has the time of the migration there, as a negative
    /// number: its newest timestamp then counts as the time of its append, but is never later than the migration.</item>
    /// <item>A producer's <c>records</c> is null until version 2 first writes it.</item>
    /// <item>Settled ranges neither overlap nor touch.</item>
    /// <item>Every stage counts as defined when version 4 arrives, because earlier versions did not note it.</item>
    /// <item>A batch is in <c>batch</c> where <c>segment</c> is null, as in versions 1 to 4. Otherwise <c>batch</c> is empty and the batch
    /// is in that segment: see <c>Segments/SegmentLog.cs</c>. The number of a segment is never assigned twice.</item>
    /// </list>
    /// </summary>
    private static readonly string[] Migrations =
    [
        """
        CREATE TABLE pipeline_owner (
            id INTEGER PRIMARY KEY, process_id INTEGER NOT NULL, machine TEXT NOT NULL, opened_at INTEGER NOT NULL) STRICT;
        CREATE TABLE pipeline_topics (
            id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, partitions INTEGER NOT NULL, first_partition INTEGER NOT NULL,
            retention_ticks INTEGER, retention_bytes INTEGER, discard_unread INTEGER NOT NULL, lag_limit INTEGER NOT NULL,
            created_at INTEGER NOT NULL) STRICT;
        CREATE TABLE pipeline_partitions (
            number INTEGER PRIMARY KEY, topic INTEGER, start_offset INTEGER NOT NULL, discarded INTEGER NOT NULL) STRICT;
        CREATE TABLE pipeline_batches (
            position INTEGER PRIMARY KEY, records INTEGER NOT NULL, maximum_timestamp INTEGER NOT NULL, bytes_before INTEGER NOT NULL,
            batch BLOB NOT NULL) STRICT;
        CREATE TABLE pipeline_producer_ids (
            id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, epoch INTEGER NOT NULL, opened_at INTEGER NOT NULL) STRICT;
        CREATE TABLE pipeline_producers (
            producer INTEGER NOT NULL, partition INTEGER NOT NULL, epoch INTEGER NOT NULL, seen_at INTEGER NOT NULL,
            batches BLOB NOT NULL, PRIMARY KEY (producer, partition)) STRICT, WITHOUT ROWID;
        CREATE TABLE pipeline_checkpoints (
            pipeline TEXT NOT NULL, stage TEXT NOT NULL, partition INTEGER NOT NULL, source_topic TEXT NOT NULL,
            source_partition INTEGER NOT NULL, epoch INTEGER NOT NULL, next_offset INTEGER NOT NULL, dead_letters INTEGER NOT NULL,
            committed_at INTEGER NOT NULL, PRIMARY KEY (pipeline, stage, partition)) STRICT, WITHOUT ROWID;
        CREATE TABLE pipeline_pipelines (
            name TEXT PRIMARY KEY, paused INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        """,
        """
        ALTER TABLE pipeline_producers ADD COLUMN records INTEGER;
        CREATE TABLE pipeline_settled (
            partition INTEGER NOT NULL, next_offset INTEGER NOT NULL, first_offset INTEGER NOT NULL,
            PRIMARY KEY (partition, next_offset)) STRICT, WITHOUT ROWID;
        """,
        """
        ALTER TABLE pipeline_batches ADD COLUMN appended_at INTEGER NOT NULL DEFAULT -{now};
        ALTER TABLE pipeline_topics ADD COLUMN uuid TEXT NOT NULL DEFAULT '';
        UPDATE pipeline_topics SET uuid = lower(hex(randomblob(16)));
        """,
        """
        ALTER TABLE pipeline_checkpoints ADD COLUMN defined_at INTEGER NOT NULL DEFAULT {now};
        CREATE TABLE pipeline_write_check (id INTEGER PRIMARY KEY, written_at INTEGER NOT NULL) STRICT;
        """,
        """
        ALTER TABLE pipeline_batches ADD COLUMN segment INTEGER;
        ALTER TABLE pipeline_batches ADD COLUMN segment_position INTEGER;
        ALTER TABLE pipeline_batches ADD COLUMN segment_bytes INTEGER;
        CREATE TABLE pipeline_segments (
            number INTEGER PRIMARY KEY AUTOINCREMENT, committed_end INTEGER NOT NULL, live_bytes INTEGER NOT NULL) STRICT;
        """,
    ];

    /// <summary>The first version that may have batches in segments.</summary>
    public const int FirstWithSegments = 5;

    public static int Version => Migrations.Length;

    /// <summary>Checks, without changing the database, that it is empty or belongs to this program or an older version of it.</summary>
    /// <returns>The version; 0 if the database is empty.</returns>
    /// <exception cref="StoreUnusableException">The database belongs to another program, or is newer.</exception>
    public static int Inspect(Connection connection)
    {
        var path = connection.Path;
        var application = connection.QueryInteger("PRAGMA application_id");
        var version = connection.QueryInteger("PRAGMA user_version");
        var tables = connection.QueryInteger("SELECT count(*) FROM sqlite_master");
        if (application == 0 && version == 0 && tables == 0)
        {
            return 0;
        }

        if (application != ApplicationId)
        {
            throw new StoreUnusableException(
                $"'{path}' is a SQLite database of another program ({tables} tables and indexes, application id {application}). "
                + "It was not changed. Use another path.");
        }

        return version <= Version ? (int)version : throw new StoreUnusableException(
            $"'{path}' was made by a newer version of this program (schema {version}; this one knows up to {Version}). "
            + "It was not changed. Use the newer version.");
    }

    public static void Migrate(Connection connection, int version, DateTimeOffset now)
    {
        if (version == Version)
        {
            return;
        }

        connection.Execute("BEGIN EXCLUSIVE");
        foreach (var migration in Migrations[version..])
        {
            connection.Execute(migration.Replace("{now}", now.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)));
        }

        connection.Execute($"PRAGMA application_id = {ApplicationId}");
        connection.Execute($"PRAGMA user_version = {Version}");
        connection.Execute("COMMIT");
    }
}
