using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Orleans.Pipeline.Sinks;

/// <summary>
/// Writes the entries of a folder to the disk, so that a file that was renamed is found under its name after a power cut. Windows does that
/// by itself.
/// </summary>
internal static partial class FolderFlush
{
    private const int ReadOnly = 0;
    private const int InvalidArgument = 22; // EINVAL: the file system knows no such flush.

    /// <exception cref="IOException">The folder cannot be flushed.</exception>
    public static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var handle = Open(folder, ReadOnly);
        if (handle < 0)
        {
            throw FailureOf(folder);
        }

        try
        {
            if (Sync(handle) < 0 && Marshal.GetLastPInvokeError() != InvalidArgument)
            {
                throw FailureOf(folder);
            }
        }
        finally
        {
            _ = Close(handle);
        }
    }

    private static IOException FailureOf(string folder) =>
        new($"The folder '{folder}' cannot be flushed to the disk: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}.");

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Sync(int handle);

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int handle);
}
