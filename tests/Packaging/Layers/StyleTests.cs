using System.Text.RegularExpressions;

namespace Orleans.Pipeline.Packaging.Tests.Layers;

/// <summary>What the analyzers do not hold: the length of lines and of files, and the ids of log messages.</summary>
public sealed partial class StyleTests
{
    private static readonly string[] Others = ["tests", "bench", "samples"];

    [Fact]
    public void Lines_of_the_product_have_at_most_140_characters_and_others_180_unless_a_literal_makes_them_longer() => Assert.Empty(
        from file in Sources()
        let maximum = IsProduct(file) ? 140 : 180
        from line in File.ReadLines(Repository.PathOf(file)).Index()
        where line.Item.Length > maximum && !line.Item.Contains('"')
        select $"{file}:{line.Index + 1} has {line.Item.Length} characters.");

    [Fact]
    public void Files_of_the_product_have_at_most_300_lines_and_others_330() => Assert.Empty(
        from file in Sources()
        let lines = File.ReadLines(Repository.PathOf(file)).Count()
        where lines > (IsProduct(file) ? 300 : 330)
        select $"{file} has {lines} lines.");

    [Fact]
    public void Every_log_message_of_the_product_has_an_event_id_that_stays_when_its_method_is_renamed() => Assert.Empty(
        from file in Sources()
        where IsProduct(file)
        from Match message in MessageWithoutId().Matches(File.ReadAllText(Repository.PathOf(file)))
        select $"{file}: {message.Value.ReplaceLineEndings(" ")}");

    [GeneratedRegex(@"\[LoggerMessage\((?!\s*(\d|EventId\s*=))[^]]*\]")]
    private static partial Regex MessageWithoutId();

    private static bool IsProduct(string file) => !Others.Contains(file.Split(Path.DirectorySeparatorChar)[0]);

    private static IEnumerable<string> Sources() =>
        from file in Directory.EnumerateFiles(Repository.PathOf(), "*.cs", SearchOption.AllDirectories)
        let path = Path.GetRelativePath(Repository.PathOf(), file)
        where !path.Split(Path.DirectorySeparatorChar).Any(folder => folder is "bin" or "obj" or "node_modules" or "artifacts")
        select path;
}
