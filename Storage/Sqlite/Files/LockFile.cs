using Orleans.Pipeline.Storage.Sqlite.Connections;

namespace Orleans.Pipeline.Storage.Sqlite.Files;

/// <summary>
/// Keeps other processes out of the database by an exclusive lock on <c>&lt;path&gt;.lock</c>. The operating system releases the lock when
/// the process ends, even after a crash. The file stays, because removing it could release a lock that another process has just taken.
/// </summary>
internal sealed class LockFile : IDisposable
{
    private readonly FileStream _stream;

    private LockFile(FileStream stream) => _stream = stream;

    /// <param name="path">The database file.</param>
    /// <exception cref="StoreUnavailableException">The disk is full.</exception>
    /// <exception cref="StoreUnusableException">
    /// Another process, or another store of this process, has the lock; or the directory cannot be written.
    /// </exception>
    public static LockFile Take(string path)
    {
        var lockPath = path + ".lock";
        try
        {
            return new LockFile(new FileStream(lockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (DirectoryNotFoundException missing)
        {
            throw new StoreUnusableException($"The directory of '{path}' does not exist. Create it, or use another path.", missing);
        }
        catch (UnauthorizedAccessException denied)
        {
            throw new StoreUnusableException(
                $"The directory of '{path}' cannot be written by this process. Give it write permission, or use another path.", denied);
        }
        catch (IOException taken) when (IsSharingViolation(taken))
        {
            throw new StoreUnusableException(
                $"'{path}' is open in {StoreOwner.Describe(path)}. Only one process at a time can use it. "
                + "Stop that process, or use another path.",
                taken);
        }
        catch (IOException full) when (FileFailure.IsDiskFull(full))
        {
            throw new StoreUnavailableException($"The disk that holds '{path}' is full. Free space on it and try again.", full);
        }
        catch (IOException failed)
        {
            throw new StoreUnusableException(
                $"The lock file '{lockPath}' cannot be opened: {failed.Message} Check the file and its directory.", failed);
        }
    }

    public void Dispose() => _stream.Dispose();

    private static bool IsSharingViolation(IOException error)
    {
        const int WindowsSharingViolation = unchecked((int)0x80070020);
        const int LinuxWouldBlock = 11;
        const int MacWouldBlock = 35;
        return error.HResult is WindowsSharingViolation or LinuxWouldBlock or MacWouldBlock;
    }
}
