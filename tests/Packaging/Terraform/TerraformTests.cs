using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using Orleans.Pipeline.Packaging.Tests.Commands;
using Orleans.Pipeline.Packaging.Tests.Node;

namespace Orleans.Pipeline.Packaging.Tests.Terraform;

public sealed partial class TerraformTests(TerraformModules modules) : IClassFixture<TerraformModules>
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static string Page => File.ReadAllText(Repository.PathOf("deploy", "terraform", "README.md"));

    [TerraformFact]
    public async Task Every_file_is_formatted()
    {
        var (exitCode, output) = await Command.TryAsync(
            "terraform", "fmt", "-check", "-recursive", "-no-color", Repository.PathOf("deploy", "terraform"));

        Assert.True(exitCode == 0, output);
    }

    [ProvidersFact]
    public async Task The_example_and_with_it_the_module_are_valid() =>
        Assert.Contains(
            "Success!",
            await Command.RunAsync("terraform", $"-chdir={ProvidersFactAttribute.Example}", "validate", "-no-color"),
            StringComparison.Ordinal);

    [NodeFact]
    public void Everything_that_the_module_refers_to_is_in_it_and_every_variable_is_used()
    {
        var module = modules.Azure!;
        var rest = new[] { "resource", "output", "locals", "data" }.SelectMany(module.Texts).ToList();
        var used = rest.SelectMany(text => Variable().Matches(text)).Select(match => match.Groups[1].Value).ToHashSet();

        Assert.Equal(module.Blocks("variable").Select(variable => variable.Name).Order(), used.Order());
        Assert.Subset(
            module.Addresses("resource").ToHashSet(),
            rest.SelectMany(text => Resource().Matches(text)).Select(match => match.Groups[1].Value).ToHashSet());
    }

    [NodeFact]
    public void Every_provider_is_pinned_to_its_patch_releases()
    {
        foreach (var module in new[] { modules.Azure!, modules.Example! })
        {
            var versions = module.Texts("terraform")
                .SelectMany(text => ProviderVersion().Matches(text))
                .Select(match => match.Groups[1].Value)
                .ToList();

            Assert.NotEmpty(versions);
            Assert.All(versions, version => Assert.Matches(@"^~> \d+\.\d+\.\d+$", version));
        }
    }

    [NodeFact]
    public void The_page_lists_every_input_and_output()
    {
        var module = modules.Azure!;

        Assert.Equal(module.Blocks("variable").Select(Input), Rows("Inputs"));
        Assert.Equal(
            module.Blocks("output").Select(output => $"| `{output.Name}` | {Text(output.Block, "description")} |"), Rows("Outputs"));
    }

    [NodeFact]
    public void The_example_gives_what_is_required_and_nothing_that_is_not_there_and_the_page_shows_it()
    {
        var variables = modules.Azure!.Blocks("variable").ToList();
        var given = modules.Example!.Blocks("module")
            .Single()
            .Block.EnumerateObject()
            .Select(argument => argument.Name)
            .Where(name => name != "source")
            .ToHashSet();
        var shown = Page.Split("```hcl\n")[1].Split("```")[0];

        Assert.Subset(variables.Select(variable => variable.Name).ToHashSet(), given);
        Assert.Subset(
            given,
            variables.Where(variable => !variable.Block.TryGetProperty("default", out _)).Select(variable => variable.Name).ToHashSet());
        Assert.Contains(shown, File.ReadAllText(Repository.PathOf([.. TerraformModules.ExamplePath, "main.tf"])), StringComparison.Ordinal);
    }

    [Fact]
    public void Nodes_have_the_labels_and_taints_that_the_manifests_go_by()
    {
        var nodes = File.ReadAllText(Repository.PathOf([.. TerraformModules.AzurePath, "kubernetes.tf"]));
        var spot = File.ReadAllText(Repository.PathOf("deploy", "kubernetes", "components", "spot", "kustomization.yaml"));
        var label = CapacityLabel().Match(nodes).Groups[1].Value;

        Assert.Contains($"key: {label}\n", spot, StringComparison.Ordinal);
        Assert.Equal(2, SpotTaint().Count(nodes));
        Assert.All(SpotTaint().Matches(nodes).Select(taint => taint.Groups[1].Value.Replace(
            "${local.capacity_label}",
            label,
            StringComparison.Ordinal)), taint =>
            Assert.Contains($"key: {taint}, operator: Equal, value: spot, effect: NoSchedule", spot, StringComparison.Ordinal));
        Assert.Contains("values: [ on-demand, spot ]", spot, StringComparison.Ordinal);
    }

    private static string Input((string Name, JsonElement Block) variable)
    {
        var type = Text(variable.Block, "type");
        var otherwise = variable.Block.TryGetProperty("default", out var value)
            ? $"`{JsonSerializer.Serialize(value, Plain)}`"
            : "required";
        return $"| `{variable.Name}` | {Text(variable.Block, "description")} | `{(type.StartsWith("${", StringComparison.Ordinal) ? type[2..^1] : type)}` | {otherwise} |";
    }

    private static string Text(JsonElement block, string name) => block.GetProperty(name).GetString()!;

    private static IEnumerable<string> Rows(string heading) =>
        Page.Split($"## {heading}\n")[1].Split("\n## ")[0].Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal));

    [GeneratedRegex(@"\bvar\.(\w+)")]
    private static partial Regex Variable();

    [GeneratedRegex(@"(?<![\w.])((?:azurerm|random)_\w+\.\w+)(?=[.\[])")]
    private static partial Regex Resource();

    [GeneratedRegex("""hashicorp/\w+","version":"([^"]*)""")]
    private static partial Regex ProviderVersion();

    [GeneratedRegex("\"(\\S+)=spot:NoSchedule\"")]
    private static partial Regex SpotTaint();

    [GeneratedRegex("capacity_label = \"([^\"]+)\"")]
    private static partial Regex CapacityLabel();
}
