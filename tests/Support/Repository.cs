namespace Orleans.Pipeline.Support;

/// <summary>The files that the tests were built from.</summary>
public static class Repository
{
    /// <summary>The path of a file or folder.</summary>
    /// <param name="parts">Its path from the root on, part by part.</param>
    public static string PathOf(params string[] parts)
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "README.md")))
        {
            directory = directory.Parent ?? throw new InvalidOperationException("There is no README.md above the tests.");
        }

        return Path.Combine([directory.FullName, .. parts]);
    }
}
