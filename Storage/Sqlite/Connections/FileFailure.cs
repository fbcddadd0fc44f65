using SQLitePCL;

namespace Orleans.Pipeline.Storage.Sqlite.Connections;

/// <summary>Translates the error of a file beside the database into the failure that SQLite reports for its own files.</summary>
internal static class FileFailure
{
    /// <param name="error">An <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.</param>
    /// <param name="file">The file.</param>
    public static SqliteFailureException Translate(Exception error, string file)
    {
        var code = error switch
        {
            IOException failed when IsDiskFull(failed) => raw.SQLITE_FULL,
            UnauthorizedAccessException => raw.SQLITE_READONLY,
            _ => raw.SQLITE_IOERR,
        };
        return new(code, error.Message, file) { File = file };
    }

    /// <summary>Returns whether an exception is one that <see cref="Translate"/> takes.</summary>
    public static bool IsOfFile(Exception error) => error is IOException or UnauthorizedAccessException;

    public static bool IsDiskFull(IOException error)
    {
        const int WindowsDiskFull = unchecked((int)0x80070070);
        const int UnixNoSpace = 28;
        return error.HResult is WindowsDiskFull or UnixNoSpace;
    }
}
