using System.CommandLine;
using Orleans.Pipeline.Cli.Invocation;
using Orleans.Pipeline.Cli.Output;
using Orleans.Pipeline.Cli.Usage;
using Orleans.Pipeline.Cli.Values;
using Orleans.Pipeline.Client;

namespace Orleans.Pipeline.Cli.Pipelines;

internal sealed class PipelineSeekCommand : PipelineChangeCommand
{
    private const string Forms = "start, end, an offset, a time such as 2026-01-31T12:00 (UTC), or 10m for that long ago";

    private readonly Option<Place?> _to = new("--to")
    {
        HelpName = "PLACE",
        Description = $"The place to move to: {Forms}.",
        CustomParser = Place.Parse,
        Required = true,
    };

    private readonly Option<string?> _stage = new("--stage")
    {
        HelpName = "NAME",
        Description = "Only this stage. Default the first.",
        CustomParser = GivenText.Parse,
    };

    private readonly Option<int?> _partition =
        new("--partition", "-p")
        {
            HelpName = "NUMBER",
            Description = "Only this partition. Default all.",
            CustomParser = NumberRange.Partition.ParseOptional,
        };
    private readonly Option<bool> _yes = Confirmation.YesOption();

    public PipelineSeekCommand()
        : base("seek", "Move a pipeline to other offsets, running or paused. Records in between are processed again or skipped. Seeking back repeats effects, such as additions to counters.")
    {
        Add(_to);
        Add(_stage);
        Add(_partition);
        Add(_yes);
    }

    protected override async ValueTask<PipelineStatus> ChangeAsync(
        CommandContext context, PipelineAdmin admin, string pipeline, CancellationToken cancellationToken)
    {
        var options = context.Options;
        var target = TargetOf(options.GetValue(_to)!) with { Stage = options.GetValue(_stage), Partition = options.GetValue(_partition) };
        var status = await admin.DescribePipelineAsync(pipeline, cancellationToken);
        await Confirmation.AskAsync(context, options.GetValue(_yes), Consequence(status, target), cancellationToken);
        return await admin.SeekAsync(pipeline, target, cancellationToken);
    }

    protected override string Tell(PipelineStatus status) =>
        $"Pipeline '{status.Name}' was moved; it is {NumberText.Of(status.Lag, "record")} behind now.";

    private static SeekTarget TargetOf(Place place) => place.Kind switch
    {
        PlaceKind.Start => SeekTarget.Start,
        PlaceKind.End => SeekTarget.End,
        PlaceKind.Offset => new() { Position = SeekPosition.Offset, Offset = place.Offset },
        PlaceKind.Time => SeekTarget.At(place.Time),
        _ => throw new UsageException($"--to: a pipeline cannot seek to such a place. Give {Forms}."),
    };

    private static string Consequence(PipelineStatus pipeline, SeekTarget target) =>
        $"This moves {(target.Partition is { } partition ? $"partition {partition} of " : "")}pipeline '{pipeline.Name}' to {Describe(target)}: "
        + (target.Position == SeekPosition.End
            ? "what is not processed yet is skipped."
            : "what was processed since is processed again, and its effects repeat (counters are added to again, "
                + "records are sent on again).");

    private static string Describe(SeekTarget target) => target.Position switch
    {
        SeekPosition.Start => "the first record kept",
        SeekPosition.End => "the end",
        SeekPosition.Offset => $"offset {target.Offset}",
        _ => NumberText.Time(target.Time!.Value),
    };
}
