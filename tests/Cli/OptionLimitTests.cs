using System.CommandLine;
using Orleans.Pipeline.Cli.Tests.Processes;
using Orleans.Pipeline.Client;

namespace Orleans.Pipeline.Cli.Tests;

/// <summary>
/// Every option and argument of every command, with values at and beyond its limits. The commands and their options are those of the tool
/// itself, so a new one is tried without a change here; one that needs more to run says so below.
/// </summary>
public sealed class OptionLimitTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private const string Topic = "limits";

    /// <summary>What a command needs to do something and to come to an end.</summary>
    private static readonly Dictionary<string, string[]> Needs = new()
    {
        ["topic read"] = ["--until-end"],
        ["topic tail"] = ["--last", "1", "--count", "1"],
        ["topic alter"] = ["--discard-unread", "false"],
        ["topic delete"] = ["--yes"],
        ["pipeline seek"] = ["--to", "end", "--yes"],
        ["dead-letters replay"] = ["--step", "none", "--yes"],
        ["dead-letters discard"] = ["--step", "none", "--yes"],
        ["bench"] = ["--records", "1"],
        ["profile add"] = ["--server", "http://127.0.0.1:1"],
    };

    /// <summary>The options that all commands have are tried with these.</summary>
    private static readonly string[] WithGlobalOptions = ["topic list", "profile show", "health", "doctor"];

    /// <summary>What a command waits for with some values: records that never come, or a server that never answers.</summary>
    private static readonly (string Command, string Option)[] Endless =
    [
        ("topic tail", "--count"),
        ("topic read", "--until-end"),
        ("bench", "--records"),
        ("lag", "--watch"),
    ];

    /// <summary>How many of the cases run, evenly spread; <c>OPTION_CASES</c> sets it, as at night.</summary>
    private static int Share => TestSettings.Int("OPTION_CASES") ?? 400;

    /// <summary>The topics of commands that change one.</summary>
    private static readonly Dictionary<string, string> Topics = new() { ["topic alter"] = "limits-altered", ["topic delete"] = "limits-gone" };

    [Fact]
    public async Task Every_value_of_every_option_is_taken_or_refused_with_a_line_that_names_the_option()
    {
        var all = Cases().ToList();
        var step = Math.Max(1, all.Count / Share);
        var cases = all.Where((_, index) => index % step == 0).ToList();
        var ends = await RunAsync([.. cases.Select(each => each.Words)]);

        var faults = cases.Zip(ends).Select(each => (each.First, Fault: FaultOf(each.First, each.Second))).Where(each => each.Fault is not null).ToList();
        Assert.True(all.Count > 1_000, $"{all.Count} cases were found.");
        Assert.True(faults.Count == 0, $"{faults.Count} of {cases.Count}:\n" + string.Join(
            '\n', faults.Select(each => $"{string.Join(' ', each.First.Words.Select(word => $"'{(word.Length > 60 ? word[..60] + "…" : word)}'"))}: {each.Fault}")));
    }

    public static IEnumerable<(bool IsTaken, string[] Words, string Line)> Limits() =>
    [
        (true, ["topic", "create", "limit-1", "--partitions", "1024"], ""),
        (false, ["topic", "create", "limit-2", "--partitions", "1025"], "--partitions: '1025' is not a whole number from 1 to 1,024."),
        (false, ["topic", "create", "limit-2", "--partitions", "0"], "--partitions: '0' is not a whole number from 1 to 1,024."),
        (true, ["topic", "create", "limit-3", "--retention", "10675199d,9223372036854775807", "--lag-limit", "9223372036854775807"], ""),
        (false, ["topic", "create", "limit-4", "--retention", "10675200d"], "--retention: '10675200d' is not a retention."),
        (false, ["topic", "create", "limit-4", "--lag-limit", "0"], "--lag-limit: '0' is not a number of 1 or more."),
        (false, ["topic", "alter", Topic, "--discard-unread", "maybe"], "'pipeline topic alter' does not take 'maybe'."),
        (true, ["topic", "read", Topic, "-e", "-p", "0", "-p", "0", "-p", "00"], ""),
        (false, ["topic", "read", Topic, "-e", "-p", "-1"], "--partition: '-1' is not a whole number of 0 or more."),
        (false, ["topic", "read", Topic, "-e", "-p", "2147483648"], "--partition: '2147483648' is not a whole number of 0 or more."),
        (true, ["topic", "read", Topic, "-e", "--from", "9999999d"], ""),
        (true, ["topic", "read", Topic, "-e", "--from", "-9223372036854775808"], ""),
        (true, ["topic", "read", Topic, "--to", "9999999d"], ""),
        (true, ["topic", "read", Topic, "-e", "--from", "@253402300799999"], ""),
        (false, ["topic", "read", Topic, "-e", "--from", "@253402300800000"], "--from: '@253402300800000' is not a place in a topic."),
        (true, ["topic", "list", "--timeout", "49d"], ""),
        (false, ["topic", "list", "--timeout", "50d"], "--timeout: '50d' is longer than 49d, the longest time to wait."),
        (false, ["topic", "list", "--timeout", "0s"], "--timeout: '0s' is not a duration."),
        (true, ["lag", "--interval", "49d"], ""),
        (false, ["lag", "--interval", "50d"], "--interval: '50d' is longer than 49d, the longest time to wait."),
        (true, ["dead-letters", "list", "traffic", "--limit", "1000"], ""),
        (false, ["dead-letters", "list", "traffic", "--limit", "1001"], "--limit: '1001' is not a whole number from 1 to 1,000."),
        (true, ["bench", "--records", "1", "--size", "0", "--partitions", "1"], ""),
        (true, ["bench", "--records", "1", "--size", "1000000", "--partitions", "1"], ""),
        (false, ["bench", "--records", "1", "--size", "1000001"], "--size: '1000001' is not a whole number from 0 to 1,000,000."),
        (false, ["bench", "--records", "1", "--compression", "7"], "--compression: '7' is not a codec. Give none or gzip."),
        (false, ["topic", "list", "--server", "http://a?b"], "Error: --server: 'http://a?b' is not the address of a server."),
        (false, ["key", "create", "a", "--key-file", ""], "--key-file: its value is empty."),
    ];

    [Fact]
    public async Task A_value_at_its_limit_is_taken_and_one_beyond_it_is_refused_with_the_limit()
    {
        var limits = Limits().ToList();
        var ends = await RunAsync([.. limits.Select(each => each.Words)]);

        Assert.All(limits.Zip(ends), each =>
        {
            var ((isTaken, words, line), end) = each;
            var message = $"{string.Join(' ', words)}: {end}";
            Assert.True(end is { Thrown: null } && end.ExitCode == (isTaken ? 0 : 2), message);
            Assert.True(isTaken || end.Errors.StartsWith(line, StringComparison.Ordinal), message);
        });
    }

    public static TheoryData<string, string> Environments => new()
    {
        { "PIPELINE_SERVER names no server", "{}" },
        { "is invalid: profile 'a' has no servers.", """{"current":"a","profiles":{"a":null}}""" },
        { "is invalid: profile 'a' has no servers.", """{"current":"a","profiles":{"a":{"servers":[]}}}""" },
        { "is invalid: profile 'a' has no servers.", """{"current":"a","profiles":{"a":{"servers":[null]}}}""" },
        { "is invalid: profile 'a' has no servers.", """{"current":"a","profiles":{"a":{}}}""" },
        { "'50d', is not a duration of at most 49d", """{"current":"a","profiles":{"a":{"servers":["a"],"timeout":"50d"}}}""" },
        { "cannot be read", """{"current":"a","profiles":{"a":{"servers":["a"],"apiKeyFile":""}}}""" },
        { "cannot be read", """{"current":"a","profiles":{"a":{"servers":["a"],"caFile":""}}}""" },
    };

    [Theory]
    [MemberData(nameof(Environments))]
    public async Task A_variable_or_profile_that_is_not_right_is_refused_with_a_line(string line, string profiles)
    {
        var path = server.PathOf($"profiles-{Guid.NewGuid():n}.json");
        await File.WriteAllTextAsync(path, profiles);
        var environment = new Dictionary<string, string> { ["PIPELINE_CONFIG"] = path };
        if (profiles == "{}")
        {
            environment["PIPELINE_SERVER"] = " , ";
        }

        using var tool = Tool.Start(environment, "topic", "list");

        (await tool.ExitAsync()).FailedWith(2, line);
    }

    private static IEnumerable<Case> Cases()
    {
        var root = PipelineTool.Root();
        foreach (var (path, command) in CommandsOf(root, ""))
        {
            foreach (var option in command.Options.Where(option => !option.Hidden && !Endless.Contains((path, option.Name))))
            {
                foreach (var value in OptionValues.For(option, option.ValueType))
                {
                    yield return Case.Of(path, command, option, value);
                }
            }

            foreach (var argument in command.Arguments)
            {
                foreach (var value in OptionValues.For(argument, argument.ValueType).Where(value => !value.StartsWith('-')))
                {
                    yield return Case.Of(path, command, argument, value);
                }
            }
        }

        var named = CommandsOf(root, "").ToDictionary(each => each.Path, each => each.Command);
        foreach (var path in WithGlobalOptions)
        {
            foreach (var option in root.Options.Where(option => option.Recursive && !option.Hidden && option.Name is not ("--help" or "--version")))
            {
                foreach (var value in OptionValues.For(option, option.ValueType))
                {
                    yield return Case.Of(path, named[path], option, value);
                }
            }
        }
    }

    private static IEnumerable<(string Path, Command Command)> CommandsOf(Command parent, string path) => parent.Subcommands
        .Where(command => !command.Hidden)
        .SelectMany(command => command.Subcommands.Count > 0
            ? CommandsOf(command, $"{path}{command.Name} ")
            : [($"{path}{command.Name}", command)]);

    private static string? FaultOf(Case tried, CommandLineEnd? end) => end switch
    {
        null => "it ended the process, or never ended",
        { Thrown: { } thrown } => thrown,
        _ when Says(end, "fault of the program") => end.Errors,
        _ when Says(end, "\n   at ") => end.Errors,
        { ExitCode: 2 } when tried.IsFlag && (Says(end, " does not take ") || Says(end, " has no option ")) => null,
        { ExitCode: 2 } when tried.IsFlag && Says(end, "is not the place of a dead letter") => null, // a flag takes no value but true and false
        { ExitCode: 2 } when tried.Name.StartsWith('-') && !end.Errors.Contains(tried.Name, StringComparison.OrdinalIgnoreCase) => $"names no {tried.Name}: {end.Errors}",
        { ExitCode: 0 or 2 or 3 } => null,
        { ExitCode: 1 } when Says(end, " is out of range") || Says(end, " was not moved: ") => null, // what is there now
        { ExitCode: 1 } when Says(end, "a host that runs defines it") || Says(end, "answered with status 414") => null, // the server decides
        { ExitCode: 4 } when tried.Name == "--server" => null, // a proxy on the way
        { ExitCode: 5 } when tried.Name is "--server" or "--timeout" => null,
        { ExitCode: 6 } when tried.Words[0] == "doctor" => null,
        _ => $"exit code {end.ExitCode}: {end.Errors}",
    };

    private static bool Says(CommandLineEnd end, string text) => end.Errors.Contains(text, StringComparison.Ordinal);

    private async Task<IReadOnlyList<CommandLineEnd?>> RunAsync(IReadOnlyList<string[]> lines)
    {
        await server.Client.Admin.CreateTopicAsync(Topics["topic alter"]);
        await server.Client.Admin.CreateTopicAsync(Topic, new() { Partitions = 3 });
        for (var partition = 0; partition < 3; partition++)
        {
            await using var producer = server.Client.CreateProducer(Topic);
            await producer.SendAsync(new ProducerRecord { Value = "a"u8.ToArray(), Partition = partition });
        }

        return await CommandLines.RunAsync(server.Environment(), server.PathOf("limits"), lines);
    }

    /// <summary>A command line that tries one value.</summary>
    /// <param name="Name">The option or argument that is tried.</param>
    /// <param name="Words">The command line.</param>
    /// <param name="IsFlag">Whether it is an option that needs no value.</param>
    private sealed record Case(string Name, string[] Words, bool IsFlag)
    {
        /// <summary>What stands for an argument that is not tried, by its name.</summary>
        private static readonly Dictionary<string, string> Arguments = new()
        {
            ["pipeline"] = "traffic",
            ["place"] = "0:0",
            ["name"] = "a",
            ["file"] = "/dev/null",
        };

        public static Case Of(string path, Command command, Symbol tried, string value)
        {
            var words = path.Split(' ').ToList();
            foreach (var argument in command.Arguments)
            {
                if (argument == tried)
                {
                    words.Add(value);
                }
                else if (argument.Arity.MinimumNumberOfValues > 0 || argument.Name == "file")
                {
                    words.Add(argument.Name != "topic" ? Arguments[argument.Name]
                        : path == "topic create" ? $"limits-{Guid.NewGuid():n}"
                        : Topics.GetValueOrDefault(path, Topic));
                }
            }

            var needed = Needs.GetValueOrDefault(path, []);
            for (var index = 0; index < needed.Length; index++)
            {
                var count = index + 1 < needed.Length && !needed[index + 1].StartsWith('-') ? 2 : 1;
                if (needed[index] != tried.Name)
                {
                    words.AddRange(needed.Skip(index).Take(count));
                }

                index += count - 1;
            }

            var type = (tried as Option)?.ValueType;
            var isFlag = type == typeof(bool) || type == typeof(bool?);
            if (type is not null)
            {
                words.AddRange(isFlag ? [$"{tried.Name}={value}"] : [tried.Name, value]);
            }

            return new(tried.Name, [.. words], isFlag);
        }
    }
}
