namespace Orleans.Pipeline.Bench.Cluster.Processes;

/// <summary>A copy of this program that takes the project's own assemblies from a folder with another version.</summary>
internal sealed class OtherVersion : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pipeline-version-");

    /// <param name="assemblies">The folder with the other version; null for a copy of the same version.</param>
    public OtherVersion(string? assemblies)
    {
        var present = AppContext.BaseDirectory;
        foreach (var file in Directory.EnumerateFiles(present, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(_folder.FullName, Path.GetRelativePath(present, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            var other = assemblies is null ? null : Path.Combine(assemblies, Path.GetFileName(file));
            var isOther = Path.GetFileName(file).StartsWith("Orleans.Pipeline.", StringComparison.Ordinal)
                && file.EndsWith(".dll", StringComparison.Ordinal)
                && File.Exists(other);
            File.Copy(isOther ? other! : file, target);
        }
    }

    public string Program => Path.Combine(_folder.FullName, Path.GetFileName(typeof(OtherVersion).Assembly.Location));

    public void Dispose() => _folder.Delete(recursive: true);
}
