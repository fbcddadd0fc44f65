using Orleans.Pipeline.Cli.Usage;

namespace Orleans.Pipeline.Cli.Connections;

/// <summary>Reads files that hold a secret. A file that other users may read is refused.</summary>
internal static class SecretFile
{
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>Reads the secret without a trailing end of line.</summary>
    /// <param name="path">The file; a leading <c>~/</c> is the user's home.</param>
    /// <param name="what">The kind of secret, for errors.</param>
    /// <exception cref="UsageException">The file cannot be read, is empty, or other users may read it.</exception>
    public static string Read(string path, string what)
    {
        path = Expand(path);
        try
        {
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Others) is not UnixFileMode.None)
            {
                throw new UsageException($"The file of the {what}, {path}, is open to other users of this machine. Close it: chmod 600 {path}");
            }

            var secret = File.ReadAllText(path).Trim();
            return secret.Length > 0
                ? secret
                : throw new UsageException($"The file of the {what}, {path}, is empty. Put the {what} into it.");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException($"The file of the {what}, {path}, cannot be read: {fault.Message}");
        }
    }

    /// <summary>Replaces a leading <c>~/</c> by the user's home.</summary>
    public static string Expand(string path) => path.StartsWith("~/", StringComparison.Ordinal)
        ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), path[2..])
        : path;
}
