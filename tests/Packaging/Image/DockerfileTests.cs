using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;
using Orleans.Pipeline.Packaging.Tests.Commands;
using Orleans.Pipeline.Silo;
using YamlDotNet.RepresentationModel;

namespace Orleans.Pipeline.Packaging.Tests.Image;

public sealed class DockerfileTests
{
    private static readonly Dockerfile Dockerfile = Dockerfile.Read();

    [Fact]
    public void The_image_is_built_on_releases_that_are_named_to_the_patch_and_ends_on_one_without_a_shell()
    {
        Assert.All(
            Dockerfile.BaseImages,
            image => Assert.Matches(@"^mcr\.microsoft\.com/dotnet/\w+:10\.0\.\d+-noble(-chiseled)?(@sha256:[0-9a-f]{64})?$", image));
        Assert.Contains("-chiseled", Dockerfile.BaseImages[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void The_image_runs_as_the_user_of_its_base_and_starts_and_checks_a_program_that_it_copies()
    {
        Assert.Equal("$APP_UID", Dockerfile["USER"]);
        Assert.Equal(["/app", "/cli", "/data"], Dockerfile.Copies.Select(copy => copy.To));
        Assert.Equal(["dotnet", "/app/silo.dll"], Dockerfile.EntryPoint);
        Assert.Equal(["dotnet", "/cli/pipeline.dll", "health"], Dockerfile.HealthCheck.Take(3));
    }

    [Fact]
    public void The_image_names_the_ports_that_the_silo_opens()
    {
        var silo = new SiloSettings();

        Assert.Equal(
            [int.Parse(Dockerfile.Environment["ASPNETCORE_HTTP_PORTS"], CultureInfo.InvariantCulture), silo.SiloPort, silo.GatewayPort],
            Dockerfile.Ports);
        Assert.Equal(new Uri(Dockerfile.Environment["PIPELINE_SERVER"]).Port, Dockerfile.Ports.First());
    }

    [Fact]
    public void The_image_is_labelled_with_what_it_is()
    {
        var licence = XDocument.Load(Repository.PathOf("Directory.Build.props")).Descendants("PackageLicenseExpression").Single().Value;

        Assert.Equal(
            ["description", "licenses", "revision", "source", "title", "version"],
            Dockerfile.Labels.Keys.Select(label => label["org.opencontainers.image.".Length..]).Order());
        Assert.Equal(
            ("$VERSION", licence),
            (Dockerfile.Labels["org.opencontainers.image.version"], Dockerfile.Labels["org.opencontainers.image.licenses"]));
        Assert.Equal(
            XDocument.Load(Repository.PathOf("Directory.Build.props")).Descendants("Version").Single().Value,
            Dockerfile.BuildArguments["VERSION"]);
    }

    [Fact]
    public async Task An_image_that_the_SDK_makes_of_the_sample_is_like_that_of_the_Dockerfile()
    {
        var json = await Command.RunAsync(
            "dotnet",
            "msbuild",
            "samples/FirstSilo/FirstSilo.csproj",
            "-nologo",
            "-getProperty:ContainerBaseImage,ContainerUser,ContainerRepository,Version,ContainerImageTag",
            "-getItem:ContainerPort,ContainerEnvironmentVariable");
        var (properties, items) = (
            JsonDocument.Parse(json).RootElement.GetProperty("Properties"), JsonDocument.Parse(json).RootElement.GetProperty("Items"));

        Assert.Equal(Dockerfile.BaseImages[^1], properties.GetProperty("ContainerBaseImage").GetString());
        Assert.Equal(properties.GetProperty("Version").GetString(), properties.GetProperty("ContainerImageTag").GetString());
        Assert.Equal(Dockerfile.Ports, Values(items, "ContainerPort", "Identity").Select(int.Parse));
        Assert.Equal(
            Dockerfile.Environment.Where(variable => variable.Key != "PIPELINE_SERVER")
                .Select(variable => $"{variable.Key}={variable.Value}"),
            Values(items, "ContainerEnvironmentVariable", "Identity").Zip(Values(items, "ContainerEnvironmentVariable", "Value"), (name, value) => $"{name}={value}"));
    }

    [Fact]
    public void The_page_tells_of_every_argument_and_variable_and_of_the_lines_of_the_sample()
    {
        var page = File.ReadAllText(Repository.PathOf("deploy", "docker", "README.md"));
        var sample = File.ReadAllText(Repository.PathOf("samples", "FirstSilo", "FirstSilo.csproj"));
        var lines = page.Split("```xml\n")[1].Split("```")[0].Split(
            '\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

        Assert.All(Dockerfile.BuildArguments.Keys, argument => Assert.Contains($"| `{argument}` |", page, StringComparison.Ordinal));
        Assert.All(
            Dockerfile.Environment, variable => Assert.Contains($"| `{variable.Key}={variable.Value}` |", page, StringComparison.Ordinal));
        Assert.All(lines, line => Assert.Contains(line, sample, StringComparison.Ordinal));
    }

    [Fact]
    public void Compose_runs_the_image_without_rights_on_a_root_that_is_read_only_and_waits_for_a_stop()
    {
        var silo = Yaml.Read(Repository.PathOf("deploy", "docker", "compose.yaml")).Child("services")!.Mapping().Child("silo")!.Mapping();
        var leaving = TimeSpan.FromSeconds(10);

        Assert.Equal("true", silo.Child("read_only")!.ToString());
        Assert.Equal(["ALL"], ((YamlSequenceNode)silo.Child("cap_drop")!).Select(right => right.ToString()));
        Assert.Equal([Dockerfile["VOLUME"]], ((YamlSequenceNode)silo.Child("volumes")!).Select(volume => volume.ToString().Split(':')[1]));
        Assert.All(
            (YamlSequenceNode)silo.Child("ports")!, port => Assert.StartsWith("127.0.0.1:", port.ToString(), StringComparison.Ordinal));
        Assert.True(TimeSpan.FromSeconds(int.Parse(
            silo.Child("stop_grace_period")!.ToString().TrimEnd('s'),
            CultureInfo.InvariantCulture)) > new SiloSettings().StopTimeout + leaving);
    }

    private static IEnumerable<string> Values(JsonElement items, string item, string metadata) =>
        items.GetProperty(item).EnumerateArray().Select(element => element.GetProperty(metadata).GetString()!);
}
