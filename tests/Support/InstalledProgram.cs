namespace Orleans.Pipeline.Support;

/// <summary>Programs of this machine.</summary>
public static class InstalledProgram
{
    /// <summary>The folders in which programs are found.</summary>
    public static IReadOnlyList<string> Folders { get; } =
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Finds a program; null if it is not on the PATH.</summary>
    public static string? Find(string name) => Folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
}
