using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Orleans.Pipeline.Packaging.Tests.Commands;
using Orleans.Pipeline.Packaging.Tests.Output;

namespace Orleans.Pipeline.Packaging.Tests.Packages;

[Collection(SdkCollection.Name)]
public sealed partial class PackageTests(PackedPackages packed) : IClassFixture<PackedPackages>
{
    private const string Tool = "Orleans.Pipeline.Cli";

    private static string Readme => File.ReadAllText(Repository.PathOf("build", "PACKAGE.md"));

    private static string ReadmeLines => Readme.Split("```xml\n")[1].Split("```")[0];

    [Fact]
    public void Every_room_is_a_package_and_nothing_else_is() =>
        Assert.Equal(
            Directory.GetDirectories(Repository.PathOf())
                .ExceptBy(["artifacts", "bench", "samples", "tests"], Path.GetFileName)
                .SelectMany(room => Directory.GetFiles(room, "*.csproj", SearchOption.AllDirectories))
                .Select(file => Path.GetFileNameWithoutExtension(file)!)
                .Order(),
            packed.Packages.Select(package => package.Id).Order());

    [Fact]
    public async Task Each_package_says_what_it_is_whose_and_where_it_comes_from()
    {
        var commit = (await Command.RunAsync("git", "rev-parse", "HEAD")).Trim();

        Assert.All(packed.Packages, package =>
        {
            Assert.Equal(PackedPackages.Version, package["version"]);
            Assert.True(package["description"]!.Length > 40, package["description"]);
            Assert.Equal("The Orleans.Pipeline authors", package["authors"]);
            Assert.Contains("exactly-once", package["tags"], StringComparison.Ordinal);
            Assert.Equal(("expression", "MIT"), (package.Attribute("license", "type"), package["license"]));
            Assert.Equal("README.md", package["readme"]);
            Assert.Equal(Readme, Encoding.UTF8.GetString(package.Read("README.md")));
            Assert.Equal(("git", commit), (package.Attribute("repository", "type"), package.Attribute("repository", "commit")));
        });
    }

    [Fact]
    public void Each_library_is_one_assembly_with_its_documentation_and_nothing_more() =>
        Assert.All(packed.Packages.Where(package => package.Id != Tool), package => Assert.Equal(
            [.. BuildFilesOf(package), $"lib/net10.0/{package.Id}.dll", $"lib/net10.0/{package.Id}.xml", "README.md"],
            package.Files.Order(StringComparer.Ordinal).OrderBy(file => file == "README.md")));

    [Fact]
    public void The_symbols_of_each_package_are_those_of_its_assembly() =>
        Assert.All(packed.Packages, package =>
        {
            using var symbols = packed.SymbolsOf(package);
            var assembly = package.Files.Single(file => file.EndsWith($"/{package.Id}.dll", StringComparison.Ordinal));
            using var image = new PEReader(new MemoryStream(package.Read(assembly)));
            var expected = image.ReadDebugDirectory()
                .Where(entry => entry.Type == DebugDirectoryEntryType.CodeView)
                .Select(image.ReadCodeViewDebugDirectoryData)
                .Single()
                .Guid;
            using var provider = MetadataReaderProvider.FromPortablePdbStream(new MemoryStream(symbols.Read(Path.ChangeExtension(
                assembly,
                ".pdb"))));
            Assert.Equal(expected, new BlobContentId(provider.GetMetadataReader().DebugMetadataHeader!.Id).Guid);
        });

    [Fact]
    public void Packages_need_each_other_in_their_own_version_and_others_in_the_version_they_are_tested_with()
    {
        var tested = XDocument.Load(Repository.PathOf("Directory.Packages.props")).Descendants("PackageVersion")
            .ToDictionary(element => element.Attribute("Include")!.Value, element => element.Attribute("Version")!.Value);

        Assert.All(packed.Packages.SelectMany(package => package.Dependencies), dependency => Assert.Equal(
            dependency.Id.StartsWith("Orleans.Pipeline.", StringComparison.Ordinal) ? PackedPackages.Version : tested[dependency.Id],
            dependency.Versions));
        Assert.Contains(packed.Packages, package => package.Dependencies.Any());
    }

    [Fact]
    public void The_code_in_their_readme_is_that_of_the_samples()
    {
        var samples = new[] { "FirstPipeline", "FirstSilo" }.Select(sample => File.ReadAllText(Repository.PathOf("samples", sample, "Program.cs")).Trim());

        Assert.Equal(samples, CodeBlock().Matches(Readme).Select(block => block.Groups[1].Value.Trim()));
    }

    [Fact]
    public void Their_readme_names_every_package() =>
        Assert.All(packed.Packages, package => Assert.True(
            Readme.Contains($"`{package.Id}`", StringComparison.Ordinal) || Readme.Contains($"`{package.Id["Orleans.Pipeline".Length..]}`", StringComparison.Ordinal), package.Id));

    [Fact]
    public async Task The_tool_is_installed_from_a_feed_and_runs()
    {
        var folder = Path.Combine(packed.Folder, "tools");

        await Command.RunAsync(
            "dotnet", "tool", "install", Tool, "--version", PackedPackages.Version, "--source", packed.Folder, "--tool-path", folder);

        Assert.Contains("topic", await Command.RunAsync(Path.Combine(folder, "pipeline"), "--help"), StringComparison.Ordinal);
        Assert.Matches(@"^\d+\.\d+\.\d+", await Command.RunAsync(Path.Combine(folder, "pipeline"), "--version"));
    }

    [Fact]
    public void The_packages_that_their_readme_leaves_out_are_those_that_the_samples_leave_out() =>
        Assert.Equal(
            LeftOut(File.ReadAllText(Repository.PathOf("Directory.Packages.props"))),
            LeftOut($"<Project>{ReadmeLines}</Project>"));

    [Fact]
    public async Task A_host_made_of_them_ships_the_libraries_of_the_sample_and_no_others()
    {
        var (host, output) = (Path.Combine(packed.Folder, "host"), Path.Combine(packed.Folder, "host", "silo"));
        var cache = await Command.RunAsync("dotnet", "nuget", "locals", "global-packages", "--list");
        Directory.CreateDirectory(host);
        File.Copy(Repository.PathOf("samples", "FirstSilo", "Program.cs"), Path.Combine(host, "Program.cs"));
        await File.WriteAllTextAsync(Path.Combine(host, "FirstSilo.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk.Web">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <RestoreAdditionalProjectSources>{packed.Folder}</RestoreAdditionalProjectSources>
                <RestorePackagesPath>{Path.Combine(host, "packages")}</RestorePackagesPath>
                <RestoreFallbackFolders>{cache.Split(": ")[1].Trim()}</RestoreFallbackFolders>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Orleans.Pipeline.Silo" Version="{PackedPackages.Version}" />
              </ItemGroup>
              {ReadmeLines}
            </Project>
            """);

        await Command.RunAsync("dotnet", "publish", host, "--nologo", "--disable-build-servers", "--output", output);

        SiloOutput.AssertListed(output, SiloOutput.IsLibrary);
        var runtime = await File.ReadAllTextAsync(Path.Combine(output, "FirstSilo.runtimeconfig.json"));
        Assert.All(RuntimeSettings, setting => Assert.Contains(setting, runtime, StringComparison.Ordinal));
        var without = await Command.RunAsync(
            "dotnet", "msbuild", host, "-p:PipelineRuntimeSettings=false", "-getItem:RuntimeHostConfigurationOption");
        Assert.All(RuntimeSettings, setting => Assert.DoesNotContain(setting.Split('"')[1], without, StringComparison.Ordinal));
    }

    /// <summary>The files that a package adds to the build of a host.</summary>
    private static string[] BuildFilesOf(Package package) =>
        package.Id is "Orleans.Pipeline.Processing" or "Orleans.Pipeline.Storage.Sqlite" ? [$"buildTransitive/{package.Id}.targets"] : [];

    /// <summary>The packages that a project file leaves out.</summary>
    private static IEnumerable<string> LeftOut(string project) =>
        XElement.Parse(project).Descendants("PrunePackageReference").Select(element => element.ToString());

    /// <summary>The runtime's settings of a program that runs pipelines, as its <c>runtimeconfig.json</c> has them.</summary>
    private static readonly string[] RuntimeSettings =
        [@"""System.Runtime.TieredPGO"": false", @"""System.Runtime.TieredCompilation.CallCountingDelayMs"": 0"];

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();
}
