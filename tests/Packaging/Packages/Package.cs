using System.IO.Compression;
using System.Xml.Linq;

namespace Orleans.Pipeline.Packaging.Tests.Packages;

/// <summary>A NuGet package that was packed.</summary>
internal sealed class Package : IDisposable
{
    private readonly ZipArchive _archive;
    private readonly XElement _metadata;

    public Package(string path)
    {
        _archive = ZipFile.OpenRead(path);
        using var specification = _archive.Entries.Single(entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        _metadata = XDocument.Load(specification).Root!.Elements().Single(element => element.Name.LocalName == "metadata");
    }

    /// <summary>Its name.</summary>
    public string Id => this["id"]!;

    /// <summary>Its files, but for those of the format itself.</summary>
    public IEnumerable<string> Files => _archive.Entries
        .Select(entry => Uri.UnescapeDataString(entry.FullName))
        .Where(name => !name.StartsWith("_rels/", StringComparison.Ordinal) && !name.StartsWith("package/", StringComparison.Ordinal)
            && name != "[Content_Types].xml" && name != $"{Id}.nuspec");

    /// <summary>What it says of itself under a name; null if nothing.</summary>
    public string? this[string name] => Element(name)?.Value;

    /// <summary>An attribute of what it says of itself; null if there is none.</summary>
    public string? Attribute(string name, string attribute) => Element(name)?.Attribute(attribute)?.Value;

    /// <summary>The packages that it needs, each with its range of versions.</summary>
    public IEnumerable<(string Id, string Versions)> Dependencies => _metadata.Descendants()
        .Where(element => element.Name.LocalName == "dependency")
        .Select(element => (element.Attribute("id")!.Value, element.Attribute("version")!.Value));

    /// <summary>Reads a file.</summary>
    public byte[] Read(string file)
    {
        using var content = _archive.GetEntry(file)!.Open();
        using var copy = new MemoryStream();
        content.CopyTo(copy);
        return copy.ToArray();
    }

    public void Dispose() => _archive.Dispose();

    private XElement? Element(string name) => _metadata.Elements().SingleOrDefault(element => element.Name.LocalName == name);
}
