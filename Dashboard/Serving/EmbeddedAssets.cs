using System.Collections.Frozen;
using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace Orleans.Pipeline.Dashboard.Serving;

/// <summary>A file that the browser loads.</summary>
/// <param name="ContentType">The media type.</param>
/// <param name="Content">The bytes.</param>
/// <param name="Gzip">The compressed bytes; null for a file that is compressed by itself.</param>
internal sealed record Asset(string ContentType, byte[] Content, byte[]? Gzip);

/// <summary>
/// The files that the browser loads. They are embedded in this assembly, so that a host needs no folder for them. All stylesheets are
/// joined into one, in the order of their names. The files are read and compressed on the first request.
/// </summary>
internal sealed class EmbeddedAssets
{
    private const string Prefix = "assets/";
    private const string StylesheetFolder = "css/";
    private const string Stylesheet = "dashboard.css";

    private readonly Lazy<(FrozenDictionary<string, Asset> Files, string Version)> _assets = new(Read);

    /// <summary>The version of all assets. It changes when any of them changes, so that a browser may keep them for good.</summary>
    public string Version => _assets.Value.Version;

    /// <param name="name">Its name, such as <c>js/theme.js</c>.</param>
    public Asset? Find(string name) => _assets.Value.Files.GetValueOrDefault(name);

    private static (FrozenDictionary<string, Asset>, string) Read()
    {
        var assembly = Assembly.GetExecutingAssembly();
        var files = assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name => (Name: name[Prefix.Length..].Replace('\\', '/'), Content: ReadAll(assembly, name)))
            .ToLookup(file => file.Name.StartsWith(StylesheetFolder, StringComparison.Ordinal));
        var styles = string.Concat(files[true].Select(part => Encoding.UTF8.GetString(part.Content)));
        var all = files[false].Append((Name: Stylesheet, Content: Encoding.UTF8.GetBytes(styles))).ToList();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, content) in all)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(name));
            hash.AppendData(content);
        }

        return (
            all.ToFrozenDictionary(file => file.Name, file => AssetOf(file.Name, file.Content), StringComparer.Ordinal),
            Convert.ToHexStringLower(hash.GetHashAndReset())[..12]);
    }

    private static Asset AssetOf(string name, byte[] content) => Path.GetExtension(name) switch
    {
        ".css" => new("text/css; charset=utf-8", content, Compress(content)),
        ".js" => new("text/javascript; charset=utf-8", content, Compress(content)),
        ".svg" => new("image/svg+xml", content, Compress(content)),
        ".woff2" => new("font/woff2", content, null),
        var extension => throw new NotSupportedException($"The asset '{name}' has the extension '{extension}', for which no media type is "
            + $"known. Name it here."),
    };

    private static byte[] ReadAll(Assembly assembly, string name)
    {
        using var source = assembly.GetManifestResourceStream(name)!;
        using var content = new MemoryStream();
        source.CopyTo(content);
        return content.ToArray();
    }

    private static byte[] Compress(byte[] content)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.SmallestSize))
        {
            gzip.Write(content);
        }

        return compressed.ToArray();
    }
}
