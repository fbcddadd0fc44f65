using Orleans.Pipeline.Packaging.Tests.Commands;
using YamlDotNet.RepresentationModel;

namespace Orleans.Pipeline.Packaging.Tests.Workflows;

/// <summary>A workflow of .github/workflows.</summary>
internal sealed class Workflow
{
    private readonly YamlMappingNode _root;

    private Workflow(string path)
    {
        Path = path;
        _root = Yaml.Read(path);
    }

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Workflow> All { get; } =
        [.. Directory.GetFiles(Repository.PathOf(".github", "workflows")).Order().Select(path => new Workflow(path))];

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>What it may do, unless a job says otherwise.</summary>
    public YamlNode? Permissions => _root.Child("permissions");

    /// <summary>Its jobs.</summary>
    public IEnumerable<YamlMappingNode> Jobs => _root.Child("jobs")!.Mapping().Children.Values.Cast<YamlMappingNode>();

    /// <summary>Each text under a key of this name, wherever it stands.</summary>
    public IEnumerable<string> Texts(string key) => _root.Descendants()
        .Where(child => child.Key == key).Select(child => child.Value).OfType<YamlScalarNode>().Select(text => text.Value!);

    /// <summary>The names of the variables that it sets.</summary>
    public IEnumerable<string> Variables => _root.Descendants()
        .Where(child => child.Key == "env")
            .SelectMany(child => child.Value.Mapping().Children.Keys)
            .Select(name => ((YamlScalarNode)name).Value!);

    public override string ToString() => System.IO.Path.GetFileName(Path);
}
