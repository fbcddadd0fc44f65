using YamlDotNet.RepresentationModel;

namespace Orleans.Pipeline.Packaging.Tests.Commands;

/// <summary>Ways through a YAML document.</summary>
internal static class Yaml
{
    public static YamlMappingNode Read(string path)
    {
        using var text = File.OpenText(path);
        var yaml = new YamlStream();
        yaml.Load(text);
        return yaml.Documents.Single().RootNode.Mapping();
    }

    public static YamlMappingNode Mapping(this YamlNode node) => (YamlMappingNode)node;

    public static YamlNode? Child(this YamlMappingNode node, string key) =>
        node.Children.TryGetValue(new YamlScalarNode(key), out var child) ? child : null;

    /// <summary>Every key below a node, with what stands under it.</summary>
    public static IEnumerable<(string Key, YamlNode Value)> Descendants(this YamlNode node) => node switch
    {
        YamlMappingNode mapping =>
            mapping.Children.SelectMany(child => child.Value.Descendants().Prepend((((YamlScalarNode)child.Key).Value!, child.Value))),
        YamlSequenceNode sequence => sequence.SelectMany(Descendants),
        _ => [],
    };
}
