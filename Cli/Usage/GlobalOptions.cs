using System.CommandLine;
using Orleans.Pipeline.Cli.Values;

namespace Orleans.Pipeline.Cli.Usage;

/// <summary>The options that every command has.</summary>
internal static class GlobalOptions
{
    public static Option<bool> Json { get; } = new("--json")
    {
        Recursive = true,
        Description = "Write JSON: one document, or one per line for streams.",
    };

    public static Option<string[]> Server { get; } = new("--server")
    {
        Recursive = true,
        HelpName = "URL",
        Description = "A gateway's address. Repeat it for the gateways of one cluster. Also PIPELINE_SERVER, separated by commas.",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
    };

    public static Option<string?> Profile { get; } = new("--profile")
    {
        Recursive = true,
        HelpName = "NAME",
        Description = "The profile to use (see `pipeline profile`). Also PIPELINE_PROFILE.",
        CustomParser = GivenText.Parse,
    };

    public static Option<TimeSpan?> Timeout { get; } = new("--timeout")
    {
        Recursive = true,
        HelpName = "DURATION",
        Description = "How long a request waits for an answer, such as 5s. Default 30s.",
        CustomParser = DurationText.ParseWait,
    };

    public static Option<bool> Quiet { get; } = new("--quiet", "-q")
    {
        Recursive = true,
        Description = "Write only data and errors.",
    };

    public static Option<bool> NoColor { get; } = new("--no-color")
    {
        Recursive = true,
        Description = "Write without colors. Also NO_COLOR.",
    };

    public static void AddTo(RootCommand root)
    {
        root.Add(Server);
        root.Add(Profile);
        root.Add(Json);
        root.Add(Timeout);
        root.Add(Quiet);
        root.Add(NoColor);
        root.Add(Forbidden());
    }

    /// <summary>
    /// Exists to refuse a key on the command line, because every user of the machine can read it and the shell's history keeps it.
    /// </summary>
    private static Option<string?> Forbidden()
    {
        var option = new Option<string?>("--api-key", "--apikey", "--token", "--password")
        {
            Recursive = true,
            Hidden = true,
            Arity = ArgumentArity.ZeroOrOne,
        };
        option.Validators.Add(static result => result.AddError(
            $"There is no option {result.IdentifierToken?.Value}: every user of the machine can read a command line, "
                + "and it stays in the shell's history. "
            + "Set PIPELINE_API_KEY (or PIPELINE_TOKEN), set PIPELINE_API_KEY_FILE to the path of a file, or use a profile: "
            + "pipeline profile add --help. "
            + "If the key was real, it is in the history now: make a new one."));
        return option;
    }
}
