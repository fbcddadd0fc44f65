using Orleans.Pipeline.Storage.Sqlite.Connections;
using SQLitePCL;

namespace Orleans.Pipeline.Storage.Sqlite.Files;

/// <summary>Copies the database as it is at one moment, beside those who write it.</summary>
/// <remarks>
/// The copy is one read transaction of a connection of its own, so nobody waits for it; the WAL only grows meanwhile. Until it is whole
/// and on the disk it has another name, so that whatever has the name of a backup is one.
/// </remarks>
internal static class Backup
{
    private const string PartialSuffix = ".partial";

    /// <summary>
    /// By how much the copy's producer ids jump ahead: some amount in this range. What is restored has forgotten the ids that were handed
    /// out after the copy, and must not give one of them to another producer while its owner still sends. JSON numbers hold the sum.
    /// </summary>
    private const long LeastStep = 1L << 32;

    private const long MostStep = 1L << 47;

    /// <exception cref="IOException">The file is there already, or its directory is not, or cannot be written.</exception>
    /// <exception cref="StoreUnavailableException">The disk is full or fails.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; nothing is left of it.</exception>
    public static void Write(SqliteStoreSettings settings, string path, CancellationToken cancellationToken)
    {
        if (File.Exists(path))
        {
            throw new IOException($"The backup cannot be written to '{path}': there is a file of that name. Give another name, or remove it.");
        }

        if (!Directory.Exists(Path.GetDirectoryName(path)))
        {
            throw new DirectoryNotFoundException($"The backup cannot be written to '{path}': its directory does not exist. Create it, or give another path.");
        }

        var partial = path + PartialSuffix;
        try
        {
            File.Delete(partial);
            Copy(settings, partial, cancellationToken);
            SkipProducerIds(partial);
            Sync(partial);
            File.Move(partial, path, overwrite: false);
        }
        catch (SqliteFailureException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (SqliteFailureException failure) when (failure.Code == raw.SQLITE_CANTOPEN)
        {
            throw new IOException($"The backup cannot be written to '{path}': {failure.Reason}. Check that this process may write there.", failure);
        }
        catch (SqliteFailureException failure)
        {
            throw new StoreUnavailableException($"The backup cannot be written to '{path}'. {failure.Explain(failure.Code == raw.SQLITE_CORRUPT ? settings.Path : path)}", failure);
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

    private static void SkipProducerIds(string partial)
    {
        using var connection = Connection.Open(partial, TimeSpan.Zero);
        connection.Execute(
            $"""
            BEGIN;
            INSERT INTO sqlite_sequence (name, seq)
                SELECT 'pipeline_producer_ids', 0 WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'pipeline_producer_ids');
            UPDATE sqlite_sequence SET seq = seq + {Random.Shared.NextInt64(LeastStep, MostStep)} WHERE name = 'pipeline_producer_ids';
            COMMIT;
            """);
    }

    private static void Sync(string partial)
    {
        using var file = new FileStream(partial, FileMode.Open, FileAccess.ReadWrite);
        file.Flush(flushToDisk: true);
    }
}
