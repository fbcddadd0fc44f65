using System.Text.Json;

namespace Orleans.Pipeline.Packaging.Tests.Layers;

/// <summary>What may know of what: folders by their compiled types, rooms by what their builds bring with them.</summary>
public sealed class LayersTests
{
    /// <summary>The folders from the ground up; a folder knows only of those before it. Core ends with Hosting.</summary>
    private static readonly string[] Folders =
    [
        "Access",
        "Retrying",
        "Settings",
        "Records",
        "Topics",
        "Tables",
        "Checkpoints",
        "Telemetry",
        "Storage",
        "FlowControl",
        "DeadLetters",
        "Serialization", "Operations", "Wire", "Hosting", "Steps", "Sinks", "Pipelines", "Tasks",
    ];

    private static readonly string[] RoomsOnOrleans = ["Grains.Interfaces", "Grains", "Silo"];

    private static readonly string[] RoomsWithTheEngine = ["Processing", "Embedded", "Grains", "Silo", "Testing"];

    [Theory]
    [InlineData("Core")]
    [InlineData("Processing")]
    public void A_folder_knows_only_of_those_below_it(string room) => Assert.Equal("", string.Join(
        '\n',
        from use in new Room(room).Uses
        where Array.IndexOf(Folders, use.To) > Array.IndexOf(Folders, use.From)
        select $"{room}/{use.From}/{use.Type} uses {use.Used}, and {use.To} is above {use.From}."));

    [Fact]
    public void Every_folder_has_its_place() =>
        Assert.Equal(Folders.Order(), new Room("Core").Folders.Concat(new Room("Processing").Folders).Order());

    [Theory]
    [InlineData("Cli")]
    [InlineData("Client")]
    [InlineData("Dashboard")]
    [InlineData("Embedded")]
    [InlineData("Gateway")]
    [InlineData("Grains.Interfaces")]
    [InlineData("Grains")]
    [InlineData("Silo")]
    [InlineData("Testing")]
    [InlineData("Storage", "Sqlite")]
    [InlineData("Storage", "Postgres")]
    public void No_folders_know_of_each_other_in_a_circle(params string[] room)
    {
        var circle = new Room(room).FindCircle();
        Assert.True(circle == "", circle);
    }

    [Fact]
    public void A_razor_component_belongs_to_the_folder_of_its_file() =>
        Assert.Contains(new Room("Dashboard").Uses, use => use is { Type: "ClusterPage", From: "Cluster", To: "Layout" });

    [Fact]
    public void Only_rooms_for_clusters_bring_Orleans() => Assert.Equal(
        RoomsOnOrleans.Order(), RoomsThatBring(library => library.StartsWith("Microsoft.Orleans.", StringComparison.Ordinal)));

    [Fact]
    public void Clients_stores_and_gateways_bring_no_engine() => Assert.Equal(
        RoomsWithTheEngine.Order(),
        RoomsThatBring(library => library.StartsWith("Orleans.Pipeline.Processing/", StringComparison.Ordinal) || library.StartsWith("Polly", StringComparison.Ordinal)));

    private static IEnumerable<string> RoomsThatBring(Func<string, bool> isBrought) =>
        from room in Directory.EnumerateDirectories(Repository.PathOf())
            .Concat(Directory.EnumerateDirectories(Repository.PathOf("Storage")))
        from project in Directory.EnumerateFiles(room, "Orleans.Pipeline.*.csproj")
        let name = Path.GetFileNameWithoutExtension(project)
        where Path.GetFileName(room) != "bench"
        let built = Path.Combine(room, "bin", "Release", "net10.0", $"{name}.deps.json")
        where LibrariesOf(built).Append($"{name}/").Any(isBrought)
        orderby Path.GetFileName(room)
        select Path.GetFileName(room);

    /// <summary>What a room needs to run, each as its name and version.</summary>
    private static IEnumerable<string> LibrariesOf(string dependencies) =>
        JsonDocument.Parse(File.ReadAllText(dependencies))
            .RootElement.GetProperty("libraries")
            .EnumerateObject()
            .Select(library => library.Name);
}
