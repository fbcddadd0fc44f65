using Orleans.Pipeline.Storage.Sqlite.Connections;
using Orleans.Pipeline.Storage.Sqlite.Segments;
using SQLitePCL;

namespace Orleans.Pipeline.Storage.Sqlite.Files;

/// <summary>Copies a snapshot of the database while others write it.</summary>
/// <remarks>
/// The copy of the file is one read transaction on a connection of its own. No writer waits for it, but the WAL grows meanwhile. Then the
/// batches of segments go into the rows of the copy, so that a backup is one file; retention leaves the segments until that is done. Until
/// the copy is complete and on the disk, the file has another name. So a file with the name of a backup is always complete.
/// </remarks>
internal static class Backup
{
    private const string PartialSuffix = ".partial";

    /// <summary>
    /// The copy's producer ids jump ahead by a random amount in this range. A restored copy does not know the ids that were assigned after
    /// it, and must not assign one of them to another producer while its owner still sends. The sum fits a JSON number.
    /// </summary>
    private const long MinimumStep = 1L << 32;

    private const long MaximumStep = 1L << 47;

    /// <exception cref="IOException">The file exists, or its directory does not exist or cannot be written.</exception>
    /// <exception cref="StoreUnavailableException">The disk is full or fails.</exception>
    /// <exception cref="OperationCanceledException">The copy was cancelled, and no file is left.</exception>
    public static void Write(SqliteStoreSettings settings, SegmentFiles segments, string path, CancellationToken cancellationToken)
    {
        if (File.Exists(path))
        {
            throw new IOException($"The backup cannot be written to '{path}': the file exists. Use another name, or remove the file.");
        }

        if (!Directory.Exists(Path.GetDirectoryName(path)))
        {
            throw new DirectoryNotFoundException(
                $"The backup cannot be written to '{path}': its directory does not exist. Create it, or use another path.");
        }

        var partial = path + PartialSuffix;
        try
        {
            File.Delete(partial);
            using (segments.Hold())
            {
                Copy(settings, partial, cancellationToken);
                Complete(partial, segments, cancellationToken);
            }

            Sync(partial);
            File.Move(partial, path, overwrite: false);
        }
        catch (SegmentGoneException missing)
        {
            throw new StoreUnavailableException($"The backup cannot be written to '{path}'. {missing.Message}", missing);
        }
        catch (SqliteFailureException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (SqliteFailureException failure) when (failure.Code == raw.SQLITE_CANTOPEN)
        {
            throw new IOException(
                $"The backup cannot be written to '{path}': {failure.Reason}. Check that this process may write there.", failure);
        }
        catch (SqliteFailureException failure)
        {
            var cause = failure.Explain(failure.Code == raw.SQLITE_CORRUPT ? settings.Path : path);
            throw new StoreUnavailableException($"The backup cannot be written to '{path}'. {cause}", failure);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    private static void Copy(SqliteStoreSettings settings, string partial, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var connection = Connection.OpenReader(settings.Path, settings.BusyTimeout);
        using var copy = connection.PrepareOnce("VACUUM INTO ?1");
        using var cancelled = cancellationToken.UnsafeRegister(static state => ((Connection)state!).Interrupt(), connection);
        copy.Bind(1, partial).Run();
    }

    /// <summary>Makes the copy whole. No other program knows the file yet, so that a journal would protect nothing.</summary>
    private static void Complete(string partial, SegmentFiles segments, CancellationToken cancellationToken)
    {
        using var connection = Connection.Open(partial, TimeSpan.Zero);
        connection.Execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN");
        PutBatchesIntoRows(connection, segments, cancellationToken);
        SkipProducerIds(connection);
        connection.Execute("COMMIT");
    }

    private static void PutBatchesIntoRows(Connection connection, SegmentFiles segments, CancellationToken cancellationToken)
    {
        using var find = connection.PrepareOnce(
            $"""
            SELECT position, {SegmentPlace.Columns} FROM pipeline_batches
            WHERE position >= ?1 AND segment IS NOT NULL ORDER BY position LIMIT 1
            """);
        using var update = connection.PrepareOnce(
            """
            UPDATE pipeline_batches SET batch = ?2, segment = NULL, segment_position = NULL, segment_bytes = NULL WHERE position = ?1
            """);
        for (var next = 0L; find.Bind(1, next).Step();)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (position, place) = (find.Integer(0), SegmentPlace.Read(find, 1)!.Value);
            find.Reset();
            update.Bind(1, position).Bind(2, segments.Read(place)).Run();
            next = position + 1;
        }

        connection.Execute("DELETE FROM pipeline_segments");
    }

    private static void SkipProducerIds(Connection connection) =>
        connection.Execute(
            $"""
            INSERT INTO sqlite_sequence (name, seq)
                SELECT 'pipeline_producer_ids', 0 WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'pipeline_producer_ids');
            UPDATE sqlite_sequence SET seq = seq + {Random.Shared.NextInt64(MinimumStep, MaximumStep)}
                WHERE name = 'pipeline_producer_ids';
            """);

    private static void Sync(string partial)
    {
        using var file = new FileStream(partial, FileMode.Open, FileAccess.ReadWrite);
        file.Flush(flushToDisk: true);
    }
}
