using System.Text.RegularExpressions;

namespace Orleans.Pipeline.Storage.Tests;

/// <summary>A folder of a store knows only of those before it, so that no two know of each other.</summary>
public sealed partial class FolderOrderTests
{
    [Theory]
    [InlineData("Sqlite", "Connections", "Files", "Writing", "Tables", "Topics", "Reading", "Checkpoints", "Retention")]
    [InlineData(
        "Postgres", "Connections", "Schema", "Tables", "Reading", "Retention", "Notifications", "Topics", "Appending", "Checkpoints")]
    public void A_folder_knows_only_of_those_before_it(string store, params string[] folders)
    {
        var sources = Directory.EnumerateDirectories(Repository.PathOf("Storage", store))
            .Where(folder => Directory.EnumerateFiles(folder, "*.cs").Any())
            .ToDictionary(
                folder => Path.GetFileName(folder), folder => Directory.GetFiles(folder, "*.cs").Select(File.ReadAllText).ToList());
        Assert.Equal(folders.Order(), sources.Keys.Except(["bin", "obj"]).Order());

        var faults =
            from folder in folders
            from above in folders.SkipWhile(other => other != folder).Skip(1)
            from type in sources[above].SelectMany(source => Declaration().Matches(source), (_, match) => match.Groups[1].Value).Distinct()
            where sources[folder].Any(source => Regex.IsMatch(Comment().Replace(source, ""), $@"\b{type}\b"))
            select $"{folder} mentions {type}, which is declared in {above}, above it.";

        Assert.Equal("", string.Join('\n', faults));
    }

    [GeneratedRegex(@"^internal [\w ]*?(?:class|struct|record|interface|enum) ([A-Z]\w+)", RegexOptions.Multiline)]
    private static partial Regex Declaration();

    [GeneratedRegex("//.*")]
    private static partial Regex Comment();
}
