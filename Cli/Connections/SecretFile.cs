using Orleans.Pipeline.Cli.Usage;

namespace Orleans.Pipeline.Cli.Connections;

/// <summary>A file that holds a secret. Only its owner may read it.</summary>
internal static class SecretFile
{
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>Reads the secret, without the end of its line.</summary>
    /// <param name="path">The file; a leading <c>~/</c> is the user's home.</param>
    /// <param name="what">What it holds, for errors.</param>
    /// <exception cref="UsageException">It cannot be read, is empty, or others may read it.</exception>
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

    /// <summary>A path with <c>~/</c> in front replaced by the user's home.</summary>
    public static string Expand(string path) => path.StartsWith("~/", StringComparison.Ordinal)
        ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), path[2..])
        : path;
}
