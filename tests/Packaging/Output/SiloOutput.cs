namespace Orleans.Pipeline.Packaging.Tests.Output;

/// <summary>The files that a silo ships, which are listed in <c>files.txt</c>.</summary>
internal static class SiloOutput
{
    private const string List = "tests/Packaging/Output/files.txt";

    private static readonly string[] Libraries = [".dll", ".dylib", ".so"];

    /// <summary>The paths in the list.</summary>
    public static IReadOnlyList<string> ReadList() => File.ReadAllLines(Repository.PathOf(List.Split('/')));

    /// <summary>Whether a path is that of an assembly or of a native library.</summary>
    public static bool IsLibrary(string path) => Libraries.Contains(Path.GetExtension(path));

    /// <summary>Fails unless the files of a silo are those that are listed.</summary>
    /// <param name="folder">Where the silo was published.</param>
    /// <param name="isCompared">Whether a path counts.</param>
    public static void AssertListed(string folder, Func<string, bool> isCompared)
    {
        var shipped = Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(folder, file).Replace(Path.DirectorySeparatorChar, '/'));
        var faults = FindFaults([.. ReadList().Where(isCompared)], [.. shipped.Where(isCompared).Order(StringComparer.Ordinal)]);
        Assert.True(faults.Length == 0, faults);
    }

    /// <summary>Compares the files that are listed with those of a silo.</summary>
    /// <returns>A sentence for each file that is in one of the two only.</returns>
    public static string FindFaults(IReadOnlyList<string> listed, IReadOnlyList<string> shipped) => string.Join('\n',
    [
        .. shipped.Except(listed)
            .Select(file => $"A silo ships '{file}', which is not in {List}: find the package that brings it, then leave it out or list it."),
        .. listed.Except(shipped)
            .Select(file => $"A silo does not ship '{file}', which is in {List}: bring it back, or take it from the list."),
    ]);
}
