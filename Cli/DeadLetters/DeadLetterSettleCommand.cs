using System.CommandLine;
using Orleans.Pipeline.Cli.Invocation;
using Orleans.Pipeline.Cli.Output;
using Orleans.Pipeline.Cli.Pipelines;
using Orleans.Pipeline.Cli.Usage;
using Orleans.Pipeline.Client;

namespace Orleans.Pipeline.Cli.DeadLetters;

/// <summary>A command that replays or discards dead letters.</summary>
internal abstract class DeadLetterSettleCommand : PipelineCommand
{
    private readonly Argument<string> _pipeline = PipelineArgument.Create();
    private readonly Argument<DeadLetterPosition?> _place = PlaceArgument.Create(isOptional: true);
    private readonly FilterOptions _filter = new();
    private readonly Option<bool> _all = new("--all") { Description = "Every dead letter of the pipeline." };
    private readonly Option<bool> _yes = Confirmation.YesOption();

    protected DeadLetterSettleCommand(string name, string description)
        : base(name, description)
    {
        Add(_pipeline);
        Add(_place);
        _filter.AddTo(this);
        Add(_all);
        Add(_yes);
    }

    protected sealed override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var (options, admin) = (context.Options, context.Client.Admin);
        var pipeline = options.GetRequiredValue(_pipeline);
        var filter = await _filter.FindAsync(options, admin, pipeline, cancellationToken);
        if (options.GetValue(_place) is { } place)
        {
            filter = filter.IsAll
                ? new() { Partition = place.Partition, Offset = place.Offset }
                : throw new UsageException($"{place} is one dead letter. Give either the place or a filter.");
        }

        if (filter.IsAll != options.GetValue(_all))
        {
            throw new UsageException(filter.IsAll
                ? "No dead letters are selected. Give a place such as 3:17, a filter such as --error-type or --step, or --all. "
                    + $"Look first: pipeline dead-letters errors {pipeline}"
                : "--all and a filter exclude each other. Leave one of them out.");
        }

        await Confirmation.AskAsync(
            context, options.GetValue(_yes), Consequence($"{Which(filter)} of pipeline '{pipeline}'"), cancellationToken);
        var count = await SettleAsync(admin, pipeline, filter, cancellationToken);
        if (context.Output.IsJson)
        {
            context.Output.WriteDocument(new SettledJson(count), CliJson.Default.SettledJson);
        }
        else
        {
            context.Output.Note($"{NumberText.Of(count, "dead letter")} of pipeline '{pipeline}' {(count == 1 ? "was" : "were")} {Done}.");
        }

        return ExitCode.Ok;
    }

    /// <summary>The participle of the verb, such as <c>replayed</c>.</summary>
    protected abstract string Done { get; }

    /// <summary>A sentence that describes the effect.</summary>
    protected abstract string Consequence(string which);

    /// <returns>The number of dead letters replayed or discarded.</returns>
    protected abstract ValueTask<long> SettleAsync(
        PipelineAdmin admin, string pipeline, DeadLetterFilter filter, CancellationToken cancellationToken);

    private static string Which(DeadLetterFilter filter)
    {
        if (filter.Offset is not null)
        {
            return $"dead letter {filter.Partition}:{filter.Offset}";
        }

        string?[] parts =
        [
            filter.ErrorType is { } type ? $"with error {type}" : null,
            filter.Step is { } step ? $"of step {step}" : null,
            filter.Stage is { } stage ? $"of stage {stage}" : null,
            filter.Partition is { } partition ? $"in partition {partition}" : null,
        ];
        return $"all dead letters {string.Join(' ', parts.OfType<string>())}".TrimEnd();
    }
}

internal sealed class DeadLetterReplayCommand() : DeadLetterSettleCommand(
    "replay", "Send the records of dead letters once more to the stage that gave them up. Records that fail again become new dead letters.")
{
    protected override string Done => "replayed";

    protected override string Consequence(string which) =>
        $"This replays {which}: the stage that gave the records up processes them again.";

    protected override ValueTask<long> SettleAsync(
        PipelineAdmin admin, string pipeline, DeadLetterFilter filter, CancellationToken cancellationToken) =>
        admin.ReplayDeadLettersAsync(pipeline, filter, cancellationToken);
}

internal sealed class DeadLetterDiscardCommand() : DeadLetterSettleCommand(
    "discard", "Remove dead letters from the list for good. Their records stay in the dead-letter topic until its retention removes them.")
{
    protected override string Done => "discarded";

    protected override string Consequence(string which) => $"This discards {which}: they cannot be replayed any more.";

    protected override ValueTask<long> SettleAsync(
        PipelineAdmin admin, string pipeline, DeadLetterFilter filter, CancellationToken cancellationToken) =>
        admin.DiscardDeadLettersAsync(pipeline, filter, cancellationToken);
}
