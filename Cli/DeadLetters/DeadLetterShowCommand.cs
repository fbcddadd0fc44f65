using System.CommandLine;
using System.Text;
using System.Text.Unicode;
using Orleans.Pipeline.Cli.Invocation;
using Orleans.Pipeline.Cli.Output;
using Orleans.Pipeline.Cli.Pipelines;
using Spectre.Console;

namespace Orleans.Pipeline.Cli.DeadLetters;

internal sealed class DeadLetterShowCommand : PipelineCommand
{
    private readonly Argument<string> _pipeline = PipelineArgument.Create();
    private readonly Argument<DeadLetterPosition?> _place = PlaceArgument.Create(isOptional: false);

    public DeadLetterShowCommand()
        : base("show", "Show a dead letter: the record, why it was given up, and where it came from.")
    {
        Add(_pipeline);
        Add(_place);
    }

    protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var (pipeline, place) = (context.Options.GetRequiredValue(_pipeline), context.Options.GetRequiredValue(_place)!.Value);
        var letter = await context.Client.Admin.FindDeadLetterAsync(pipeline, place, cancellationToken)
            ?? throw new FailedException(
                $"Pipeline '{pipeline}' has no dead letter {place}: there never was one, or it was replayed, "
                    + $"discarded or removed by retention. List them: pipeline dead-letters list {pipeline}",
                ExitCode.NotFound);
        if (context.Output.IsJson)
        {
            context.Output.WriteDocument(json => DeadLetterJson.Write(json, letter));
        }
        else
        {
            Show(context.Output, letter);
        }

        return ExitCode.Ok;
    }

    private static void Show(CommandOutput output, DeadLetter letter)
    {
        output.Page.Write(TextTables.Pairs()
            .Pair("Place", letter.Position.ToString())
            .Pair("Failed at", NumberText.Time(letter.FailedAt))
            .Pair("Error", $"{letter.ErrorType}: {letter.ErrorMessage}")
            .Pair("Step", $"{letter.Step} of stage {letter.Stage}")
            .Pair("Tries", NumberText.Count(letter.Attempts))
            .Pair("Replays", NumberText.Count(letter.Replays))
            .Pair("Came from", $"{letter.Source} at offset {letter.SourceOffset}")
            .Pair("Record's time", NumberText.Time(letter.Timestamp))
            .Pair(
                "Headers",
                letter.Headers.Count == 0 ? "none" : string.Join(", ", letter.Headers.Select(header => $"{header.Name}={header.AsText()}")))
            .Pair("Key", TextOf(letter.Key))
            .Pair("Value", TextOf(letter.Value)));
        if (letter.ErrorStack is { } stack)
        {
            // Unwrapped, so that tools can find source locations. The text comes from an application, so no control character reaches
            // the terminal.
            output.Page.Write(new Markup("\n[bold]Stack[/]\n"));
            output.WriteLine(new string(
            [
                .. stack.Select(static character => char.IsControl(character) && character is not '\n' and not '\t' ? ' ' : character),
            ]));
        }
    }

    private static string TextOf(ReadOnlyMemory<byte>? bytes) => bytes switch
    {
        null => "none",
        { } text when Utf8.IsValid(text.Span) => Encoding.UTF8.GetString(text.Span),
        { } other => $"base64 {Convert.ToBase64String(other.Span)}",
    };
}
