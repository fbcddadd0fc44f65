using System.Text.Encodings.Web;
using System.Text.Json;
using Orleans.Pipeline.Packaging.Tests.Node;

namespace Orleans.Pipeline.Packaging.Tests.Terraform;

/// <summary>A directory of Terraform files, as its blocks.</summary>
internal sealed class TerraformModule
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly List<JsonElement> _files;

    private TerraformModule(List<JsonElement> files) => _files = files;

    /// <summary>Reads one.</summary>
    public static async Task<TerraformModule> ReadAsync(params string[] path)
    {
        var json = await NodeTools.RunAsync("read-terraform.mjs", Repository.PathOf(path));
        return new([.. JsonDocument.Parse(json).RootElement.EnumerateArray()]);
    }

    /// <summary>The blocks of a kind that have one name, such as variables.</summary>
    public IEnumerable<(string Name, JsonElement Block)> Blocks(string kind) => Of(kind).Select(block => (block.Name, block.Value[0]));

    /// <summary>The blocks of a kind that have a type and a name, such as resources, each as <c>type.name</c>.</summary>
    public IEnumerable<string> Addresses(string kind) =>
        Of(kind).SelectMany(type => type.Value.EnumerateObject().Select(named => $"{type.Name}.{named.Name}"));

    /// <summary>The blocks of a kind, expressions in them, as JSON.</summary>
    public IEnumerable<string> Texts(string kind) =>
        _files.Where(file => file.TryGetProperty(kind, out _)).Select(file => JsonSerializer.Serialize(file.GetProperty(kind), Plain));

    private IEnumerable<JsonProperty> Of(string kind) => _files
        .Where(file => file.TryGetProperty(kind, out _))
        .SelectMany(file => file.GetProperty(kind).EnumerateObject());
}
