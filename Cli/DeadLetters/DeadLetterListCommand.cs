using System.CommandLine;
using Orleans.Pipeline.Cli.Invocation;
using Orleans.Pipeline.Cli.Output;
using Orleans.Pipeline.Cli.Pipelines;
using Orleans.Pipeline.Cli.Values;
using Spectre.Console;

namespace Orleans.Pipeline.Cli.DeadLetters;

internal sealed class DeadLetterListCommand : PipelineCommand
{
    private readonly Argument<string> _pipeline = PipelineArgument.Create();
    private readonly FilterOptions _filter = new();

    private readonly Option<int> _limit = new("--limit", "-n")
    {
        HelpName = "NUMBER",
        Description = "The maximum number of dead letters, 1 to 1,000.",
        DefaultValueFactory = static _ => 20,
        CustomParser = new NumberRange(1, 1_000).Parse,
    };

    private readonly Option<DeadLetterPosition?> _after = PlaceArgument.Option(
        "--after", "Continue after this place, as printed by the list before.");

    public DeadLetterListCommand()
        : base("list", "List the dead letters that are not yet replayed or discarded, by partition and offset.")
    {
        Add(_pipeline);
        _filter.AddTo(this);
        Add(_limit);
        Add(_after);
    }

    protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var (options, admin, output) = (context.Options, context.Client.Admin, context.Output);
        var pipeline = options.GetRequiredValue(_pipeline);
        var filter = await _filter.FindAsync(options, admin, pipeline, cancellationToken);
        var page = await admin.ListDeadLettersAsync(
            pipeline, filter, options.GetValue(_after), options.GetValue(_limit), cancellationToken);
        if (output.IsJson)
        {
            output.WriteDocument(json => DeadLetterJson.Write(json, page));
            return ExitCode.Ok;
        }

        if (page.DeadLetters.Count > 0)
        {
            Show(output, page);
        }

        output.Note(page switch
        {
            { Next: { } next } => $"There are more: pipeline dead-letters list {pipeline} --after {next}",
            { DeadLetters.Count: 0 } => $"Pipeline '{pipeline}' has no such dead letters.",
            _ => $"Look at one: pipeline dead-letters show {pipeline} {page.DeadLetters[0].Position}",
        });
        return ExitCode.Ok;
    }

    private static void Show(CommandOutput output, DeadLetterPage page)
    {
        var table = TextTables.Of("PLACE", "FAILED AT", "STEP", "ERROR");
        foreach (var letter in page.DeadLetters)
        {
            table.AddRow(
                letter.Position.ToString(),
                NumberText.Time(letter.FailedAt),
                letter.Step.EscapeMarkup(),
                letter.ErrorMessage.ReplaceLineEndings(" ").EscapeMarkup());
        }

        output.Page.Write(table);
    }
}
