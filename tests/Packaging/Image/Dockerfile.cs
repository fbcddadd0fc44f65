using System.Text.Json;
using System.Text.RegularExpressions;

namespace Orleans.Pipeline.Packaging.Tests.Image;

/// <summary>The instructions of deploy/docker/Dockerfile.</summary>
internal sealed partial class Dockerfile
{
    private static readonly string[] Separators = [" ", "\t"];

    private readonly List<List<(string Name, string Value)>> _stages = [];

    private Dockerfile(string text)
    {
        var lines = text.Split('\n').Where(line => !line.TrimStart().StartsWith('#'));
        foreach (var instruction in Continuation().Replace(string.Join('\n', lines), " ").Split(
            '\n',
            StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var parts = instruction.Split(Separators, 2, StringSplitOptions.TrimEntries);
            if (parts[0] == "FROM")
            {
                _stages.Add([]);
            }

            _stages[^1].Add((parts[0], parts[1]));
        }
    }

    /// <summary>The images that it is built from: of its first stage, and of the last.</summary>
    public IReadOnlyList<string> BaseImages => [.. _stages.Select(stage => BaseImage().Match(stage[0].Value).Groups[1].Value)];

    /// <summary>The commands that its first stage runs.</summary>
    public IEnumerable<string> BuildCommands => Values(_stages[0], "RUN").Select(command => Mount().Replace(command, ""));

    /// <summary>The arguments of its first stage, with their defaults.</summary>
    public IReadOnlyDictionary<string, string> BuildArguments => Values(_stages[0], "ARG").Select(argument => argument.Split('=', 2))
        .ToDictionary(argument => argument[0], argument => argument.ElementAtOrDefault(1) ?? "");

    /// <summary>What the image has in its environment.</summary>
    public IReadOnlyDictionary<string, string> Environment => Pairs("ENV");

    /// <summary>Its labels.</summary>
    public IReadOnlyDictionary<string, string> Labels => Pairs("LABEL");

    /// <summary>The ports that it names.</summary>
    public IEnumerable<int> Ports => Values(_stages[^1], "EXPOSE").Single().Split(' ').Select(int.Parse);

    /// <summary>The program that it runs.</summary>
    public IReadOnlyList<string> EntryPoint => JsonSerializer.Deserialize<string[]>(this["ENTRYPOINT"])!;

    /// <summary>The program that checks the container's health.</summary>
    public IReadOnlyList<string> HealthCheck => JsonSerializer.Deserialize<string[]>(this["HEALTHCHECK"].Split(" CMD ")[1])!;

    /// <summary>The value of an instruction that its last stage has once.</summary>
    public string this[string instruction] => Values(_stages[^1], instruction).Single();

    /// <summary>What its last stage copies from the first, each from a path to another.</summary>
    public IEnumerable<(string From, string To)> Copies =>
        Values(_stages[^1], "COPY").Select(copy => copy.Split(' ')).Select(copy => (copy[^2], copy[^1]));

    public static Dockerfile Read() => new(File.ReadAllText(Repository.PathOf("deploy", "docker", "Dockerfile")));

    private static IEnumerable<string> Values(IEnumerable<(string Name, string Value)> stage, string instruction) =>
        stage.Where(line => line.Name == instruction).Select(line => line.Value);

    private Dictionary<string, string> Pairs(string instruction) => Pair().Matches(this[instruction])
        .ToDictionary(pair => pair.Groups[1].Value, pair => pair.Groups[2].Success ? pair.Groups[2].Value : pair.Groups[3].Value);

    [GeneratedRegex(@"\\\n\s*")]
    private static partial Regex Continuation();

    [GeneratedRegex(@"(?:--\S+\s+)*(\S+)")]
    private static partial Regex BaseImage();

    [GeneratedRegex(@"--mount=\S+\s+")]
    private static partial Regex Mount();

    [GeneratedRegex("""(\S+?)=(?:"([^"]*)"|(\S*))""")]
    private static partial Regex Pair();
}
