using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Orleans.Pipeline.Packaging.Tests.Layers;

/// <summary>One policy of namespaces: public types are flat in the project's, internal ones in that of their folder.</summary>
public sealed partial class NamespaceTests
{
    /// <summary>A store's author finds the kit under a namespace of its own.</summary>
    private static readonly string StoreKit = Path.Combine("Core", "Storage");

    [Theory]
    [InlineData("Core")]
    [InlineData("Processing")]
    [InlineData("Client")]
    [InlineData("Cli")]
    [InlineData("Embedded")]
    [InlineData("Gateway")]
    [InlineData("Grains.Interfaces")]
    [InlineData("Grains")]
    [InlineData("Silo")]
    [InlineData("Testing")]
    [InlineData("Storage", "Sqlite")]
    [InlineData("Storage", "Postgres")]
    public void Public_types_are_flat_and_internal_ones_in_the_namespace_of_their_folder(params string[] room)
    {
        var project = Directory.EnumerateFiles(Repository.PathOf(room), "*.csproj").Single();
        var root = XDocument.Load(project).Descendants("RootNamespace").FirstOrDefault()?.Value ?? "Orleans.Pipeline";
        var faults =
            from file in Directory.EnumerateFiles(Repository.PathOf(room), "*.cs", SearchOption.AllDirectories)
            let path = Path.GetRelativePath(Repository.PathOf(room), file)
            where !path.StartsWith("bin", StringComparison.Ordinal) && !path.StartsWith("obj", StringComparison.Ordinal)
            let source = File.ReadAllText(file)
            let found = NamespaceOf().Match(source)
            where found.Success
            let folder = Path.GetDirectoryName(path)!.Replace(Path.DirectorySeparatorChar, '.')
            let isFlat = PublicType().IsMatch(source) && !file.Contains(StoreKit, StringComparison.Ordinal)
            let wanted = isFlat || folder == "" ? root : $"{root}.{folder}"
            where found.Groups[1].Value != wanted
            select $"{Path.Combine([.. room, path])} is in {found.Groups[1].Value}, not in {wanted}.";

        Assert.Empty(faults);
    }

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceOf();

    [GeneratedRegex(@"^public (?:\w+ )*(?:class|record|struct|interface|enum|delegate) ", RegexOptions.Multiline)]
    private static partial Regex PublicType();
}
