using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Orleans.Pipeline.Storage.Sqlite.Segments;

/// <summary>What .NET cannot ask of the disk.</summary>
internal static partial class DiskSync
{
    private const int ReadOnly = 0;

    /// <summary>EINVAL: the file system does not sync folders.</summary>
    private const int NotSupported = 22;

    /// <summary>SYNC_FILE_RANGE_WRITE.</summary>
    private const uint BeginOnly = 2;

    /// <summary>
    /// Lets the disk begin with bytes that were just written, so that it works while the next ones are copied. That is a hint: only a sync
    /// makes them durable. Linux alone has it.
    /// </summary>
    public static void Begin(SafeFileHandle file, long position, long bytes)
    {
        if (OperatingSystem.IsLinux())
        {
            _ = SyncRange(file, position, bytes, BeginOnly);
        }
    }

    /// <summary>Makes the names in a folder durable. On Windows the file system does that with the file.</summary>
    /// <exception cref="IOException">The disk fails or is full.</exception>
    public static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var descriptor = Open(folder, ReadOnly);
        if (descriptor < 0)
        {
            throw Failure(folder, Marshal.GetLastPInvokeError());
        }

        var error = Sync(descriptor) == 0 ? 0 : Marshal.GetLastPInvokeError();
        _ = Close(descriptor);
        if (error is not 0 and not NotSupported)
        {
            throw Failure(folder, error);
        }
    }

    private static IOException Failure(string folder, int error) =>
        new($"The folder '{folder}' cannot be synced: {Marshal.GetPInvokeErrorMessage(error)}.", error);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "sync_file_range")]
    private static partial int SyncRange(SafeFileHandle file, long position, long bytes, uint flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
