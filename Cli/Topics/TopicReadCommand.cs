using System.CommandLine;
using Orleans.Pipeline.Cli.Invocation;
using Orleans.Pipeline.Cli.Reading;
using Orleans.Pipeline.Cli.Values;

namespace Orleans.Pipeline.Cli.Topics;

internal sealed class TopicReadCommand : PipelineCommand
{
    private readonly Argument<string> _topic = TopicArgument.Create();

    private readonly Option<Place?> _from = new("--from", "-o")
    {
        HelpName = "PLACE",
        Description = $"The place to begin: {Place.Forms}. Default start.",
        CustomParser = Place.Parse,
    };

    private readonly Option<Place?> _to = new("--to")
    {
        HelpName = "PLACE",
        Description = "The place to stop before, in each partition; the same forms as --from.",
        CustomParser = Place.Parse,
    };

    private readonly Option<int[]> _partitions = ReadingOptions.Partitions();
    private readonly Option<long?> _count = ReadingOptions.Count();

    private readonly Option<bool> _untilEnd =
        new("--until-end", "-e") { Description = "Stop where the topic ends now. Without it, wait for more records until Ctrl-C." };
    private readonly Option<RecordFormat?> _format = RecordFormat.Option();

    public TopicReadCommand()
        : base("read", "Read records, in order per partition.")
    {
        Add(_topic);
        Add(_from);
        Add(_to);
        Add(_partitions);
        Add(_count);
        Add(_untilEnd);
        Add(_format);
    }

    protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var options = context.Options;
        var reader = new RecordReader(context, options.GetRequiredValue(_topic), ReadingOptions.FormatOf(context, _format))
        {
            Partitions = options.GetValue(_partitions) ?? [],
            To = options.GetValue(_to),
            Count = options.GetValue(_count),
            StopsAtEnd = options.GetValue(_untilEnd),
        };
        await reader.ReadAsync(options.GetValue(_from) ?? new Place(PlaceKind.Start), cancellationToken);
        return ExitCode.Ok;
    }
}
