using System.CommandLine;
using System.Globalization;

namespace AccessLog.Demo;

/// <summary>The options of the demo.</summary>
internal sealed record DemoOptions
{
    /// <summary>The text of <c>--help</c>.</summary>
    public const string Usage =
        """
        Usage: ./demo.sh [OPTION]...
        Pushes log lines through the access-log pipeline and checks that each one has its effect exactly once.

        The pipeline runs on one Orleans silo over a SQLite file, unless one of these says otherwise:
          --embedded     run it in one process over a SQLite file, without Orleans
          --cluster      run it on three Orleans silos over PostgreSQL, and kill one of them (SIGKILL) when half of the lines are sent

          --file PATH    push the lines of a log in the combined format, plain or gzip (default: generated lines)
          --records N    push N lines (default: all of the file, or 1,000,000 generated lines, of which 1 in 1,000 is malformed)
          --runs N       push them N times into the same hosts; the summary is of the last time (default: 1)
          --serve        keep the hosts running afterwards, and print their addresses; Ctrl-C stops them
          --json         end with one line of JSON
          --help         print this

        --cluster needs PostgreSQL 13 or later: it starts a temporary server and removes it at the end. If the environment variable
        PIPELINE_POSTGRES has a connection string, as Npgsql reads it, it uses that database instead, and leaves in it what it creates: the
        schemas "pipeline" (topics access-log…, the pipeline traffic) and "orleans" (the cluster's members), and the table "traffic" in the
        connection's own schema. Give it a database without other pipelines.

        Exits with 0 if all that was sent was processed or dead-lettered and the table agrees, 1 if not, 2 if it was called wrongly.
        """;

    private const long MostRecords = 999_999_999_999;
    private const int MostRuns = 1_000;

    private static readonly Option<bool> Cluster = new("--cluster");
    private static readonly Option<bool> Embedded = new("--embedded");
    private static readonly Option<string?> File = new("--file") { Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<string?> Records = new("--records") { Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<string?> RunCount = new("--runs") { Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<bool> Serve = new("--serve");
    private static readonly Option<bool> Json = new("--json");
    private static readonly Option<bool> Help = new("--help");

    public required DemoEngine Engine { get; init; }

    /// <summary>The log to send; null for generated lines.</summary>
    public required FileInfo? Log { get; init; }

    /// <summary>The number of lines; null for the whole log, or for the default number of generated lines.</summary>
    public required long? Lines { get; init; }

    /// <summary>How many times the lines are sent.</summary>
    public required int Runs { get; init; }

    /// <summary>Whether the hosts keep running afterwards.</summary>
    public required bool Serves { get; init; }

    /// <summary>Whether the last line is JSON.</summary>
    public required bool EndsWithJson { get; init; }

    /// <summary>Whether to print only the usage.</summary>
    public required bool AsksForHelp { get; init; }

    /// <summary>Parses the command line.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <param name="fault">The fault of the arguments as a sentence; null for none.</param>
    public static DemoOptions? Read(string[] arguments, out string? fault)
    {
        var command = new Command("demo") { Cluster, Embedded, File, Records, RunCount, Serve, Json, Help };
        command.TreatUnmatchedTokensAsErrors = false;
        var parsed = command.Parse(arguments);
        fault = FaultIn(parsed);
        return fault is not null
            ? null
            : new DemoOptions
            {
                Engine = parsed.GetValue(Cluster) ? DemoEngine.Cluster : parsed.GetValue(Embedded) ? DemoEngine.Embedded : DemoEngine.Silo,
                Log = parsed.GetValue(File) is { } path ? new FileInfo(path) : null,
                Lines = parsed.GetValue(Records) is { } count ? long.Parse(count, CultureInfo.InvariantCulture) : null,
                Runs = parsed.GetValue(RunCount) is { } runs ? int.Parse(runs, CultureInfo.InvariantCulture) : 1,
                Serves = parsed.GetValue(Serve),
                EndsWithJson = parsed.GetValue(Json),
                AsksForHelp = parsed.GetValue(Help),
            };
    }

    private static string? FaultIn(ParseResult parsed)
    {
        if (parsed.UnmatchedTokens.Count > 0)
        {
            return $"there is no option '{parsed.UnmatchedTokens[0]}'.";
        }

        if (new[] { File, Records, RunCount }.FirstOrDefault(option => parsed.GetResult(option) is { Tokens.Count: 0 }) is { } bare)
        {
            return $"{bare.Name} needs a value.";
        }

        if (parsed.GetValue(File) is { } path && !System.IO.File.Exists(path))
        {
            return $"there is no file '{path}' that can be read.";
        }

        return FaultIn(parsed, Records, MostRecords) ?? FaultIn(parsed, RunCount, MostRuns) ?? FaultOfEngine(parsed);
    }

    private static string? FaultIn(ParseResult parsed, Option<string?> option, long most) =>
        parsed.GetValue(option) is { } given
        && !(long.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 && number <= most)
            ? $"{option.Name} takes a number from 1 to {most}, not '{given}'."
            : null;

    private static string? FaultOfEngine(ParseResult parsed) => parsed.GetValue(Cluster) && parsed.GetValue(Embedded)
        ? "--cluster and --embedded exclude each other."
        : parsed.Errors.Count > 0 ? parsed.Errors[0].Message : null;
}
