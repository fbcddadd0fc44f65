using System.CommandLine;
using System.CommandLine.Invocation;
using Orleans.Pipeline.Cli.Benching;
using Orleans.Pipeline.Cli.Completion;
using Orleans.Pipeline.Cli.DeadLetters;
using Orleans.Pipeline.Cli.Doctor;
using Orleans.Pipeline.Cli.Health;
using Orleans.Pipeline.Cli.Invocation;
using Orleans.Pipeline.Cli.Keys;
using Orleans.Pipeline.Cli.Lag;
using Orleans.Pipeline.Cli.Pipelines;
using Orleans.Pipeline.Cli.Producing;
using Orleans.Pipeline.Cli.Profiles;
using Orleans.Pipeline.Cli.Topics;
using Orleans.Pipeline.Cli.Usage;

namespace Orleans.Pipeline.Cli;

/// <summary>The command <c>pipeline</c>.</summary>
internal static class PipelineTool
{
    public const string Name = "pipeline";

    private const string Description =
        "The command line of Orleans.Pipeline: topics, records, pipelines and dead letters.\n\n"
        + "Data goes to standard output, all else to standard error. Exit codes: 0 done, 1 failed, 2 wrong use, 3 not found, "
        + "4 access denied, "
        + "5 no server answered, 6 the doctor found problems, 130 interrupted.";

    /// <summary>Runs one command line.</summary>
    /// <param name="arguments">The command line, without the name of the program.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] arguments)
    {
        // No response files, because '@' is a common first character of patterns and values.
        var line = Root().Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (line.Action is ParseErrorAction)
        {
            ParseErrors.Write(line, Console.Error);
            return (int)ExitCode.WrongUse;
        }

        // The command handles signals itself, and takes as long as a clean end needs.
        return await line.InvokeAsync(
            new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false });
    }

    internal static RootCommand Root()
    {
        var root = new RootCommand(Description)
        {
            new TopicCommand(),
            new ProduceCommand(),
            new PipelineGroupCommand(),
            new LagCommand(),
            new DeadLettersCommand(),
            new BenchCommand(),
            new DoctorCommand(),
            new HealthCommand(),
            new KeyCommand(),
            new ProfileCommand(),
            new CompletionCommand(),
        };
        foreach (var command in PipelineGroupCommand.Commands())
        {
            command.Hidden = true;
            root.Add(command);
        }

        GlobalOptions.AddTo(root);
        return root;
    }
}
