using System.Text.Json;
using System.Text.RegularExpressions;

namespace Orleans.Pipeline.Packaging.Tests.Layers;

/// <summary>What may know of what: folders of Core and Processing by their sources, rooms by what their builds bring with them.</summary>
public sealed class LayersTests
{
    /// <summary>The folders from the ground up; a folder knows only of those before it. Core ends with Operations.</summary>
    private static readonly string[] Folders =
    [
        "Access", "Records", "Topics", "Tables", "Checkpoints", "Telemetry", "FlowControl", "DeadLetters", "Serialization", "Operations",
        "Steps", "Sinks", "Pipelines", "Tasks",
    ];

    private static readonly string[] RoomsOnOrleans = ["Grains.Interfaces", "Grains", "Silo"];

    private static readonly string[] RoomsWithTheEngine = ["Processing", "Embedded", .. RoomsOnOrleans];

    [Fact]
    public void A_folder_knows_only_of_those_below_it()
    {
        var faults =
            from room in new[] { "Core", "Processing" }
            from folder in FoldersOf(room)
            from file in Directory.EnumerateFiles(Repository.PathOf(room, folder), "*.cs", SearchOption.AllDirectories)
            let above = Folders[(Array.IndexOf(Folders, folder) + 1)..]
            where above.Length > 0
            from mention in Mention(above).Matches(SourceOf(file))
            select $"{Path.GetRelativePath(Repository.PathOf(), file)} knows of {mention.Groups[1].Value}, which is above {folder}.";

        Assert.Equal("", string.Join('\n', faults));
    }

    [Fact]
    public void Every_folder_has_its_place() => Assert.Equal(Folders.Order(), FoldersOf("Core").Concat(FoldersOf("Processing")).Order());

    [Fact]
    public void Only_rooms_for_clusters_bring_Orleans() => Assert.Equal(
        RoomsOnOrleans.Order(), RoomsThatBring(library => library.StartsWith("Microsoft.Orleans.", StringComparison.Ordinal)));

    [Fact]
    public void Clients_stores_and_gateways_bring_no_engine() => Assert.Equal(
        RoomsWithTheEngine.Order(),
        RoomsThatBring(library => library.StartsWith("Orleans.Pipeline.Processing/", StringComparison.Ordinal) || library.StartsWith("Polly", StringComparison.Ordinal)));

    private static IEnumerable<string> FoldersOf(string room) =>
        Directory.EnumerateDirectories(Repository.PathOf(room)).Select(folder => Path.GetFileName(folder)!).Except(["bin", "obj"]);

    /// <summary>A using of a namespace, or a name that begins with it.</summary>
    private static Regex Mention(string[] folders) => new(
        $@"(?:^using (?:static |\w+ = )?Orleans\.Pipeline\.|(?<![\w.])(?:Orleans\.Pipeline\.)?(?=\w+\.[A-Z]))({string.Join('|', folders)})\b", RegexOptions.Multiline);

    /// <summary>A source, without the one type that lies on the ground of Core under a name from above, because dead letters carry that name.</summary>
    private static string SourceOf(string file) =>
        File.ReadAllText(file).Replace("using PermanentException = Orleans.Pipeline.Pipelines.PermanentException;", "", StringComparison.Ordinal);

    private static IEnumerable<string> RoomsThatBring(Func<string, bool> isBrought) =>
        from room in Directory.EnumerateDirectories(Repository.PathOf()).Concat(Directory.EnumerateDirectories(Repository.PathOf("Storage")))
        from project in Directory.EnumerateFiles(room, "Orleans.Pipeline.*.csproj")
        let name = Path.GetFileNameWithoutExtension(project)
        where Path.GetFileName(room) != "bench"
        let built = Path.Combine(room, "bin", "Release", "net10.0", $"{name}.deps.json")
        where LibrariesOf(built).Append($"{name}/").Any(isBrought)
        orderby Path.GetFileName(room)
        select Path.GetFileName(room);

    /// <summary>What a room needs to run, each as its name and version.</summary>
    private static IEnumerable<string> LibrariesOf(string dependencies) =>
        JsonDocument.Parse(File.ReadAllText(dependencies)).RootElement.GetProperty("libraries").EnumerateObject().Select(library => library.Name);
}
