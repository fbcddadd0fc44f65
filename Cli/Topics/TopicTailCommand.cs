using System.CommandLine;
using Orleans.Pipeline.Cli.Invocation;
using Orleans.Pipeline.Cli.Reading;
using Orleans.Pipeline.Cli.Values;

namespace Orleans.Pipeline.Cli.Topics;

internal sealed class TopicTailCommand : PipelineCommand
{
    private readonly Argument<string> _topic = TopicArgument.Create();
    private readonly Option<long?> _last = new("--last")
    {
        HelpName = "NUMBER",
        Description = "Begin with this many of the last records of each partition. Default none.",
        CustomParser = CountText.Parse,
    };

    private readonly Option<int[]> _partitions = ReadingOptions.Partitions();
    private readonly Option<long?> _count = ReadingOptions.Count();
    private readonly Option<RecordFormat?> _format = RecordFormat.Option();

    public TopicTailCommand()
        : base("tail", "Show records as they are appended, until Ctrl-C. The command waits for a server that is away.")
    {
        Add(_topic);
        Add(_last);
        Add(_partitions);
        Add(_count);
        Add(_format);
    }

    protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var options = context.Options;
        var reader = new RecordReader(context, options.GetRequiredValue(_topic), ReadingOptions.FormatOf(context, _format))
        {
            Partitions = options.GetValue(_partitions) ?? [],
            Count = options.GetValue(_count),
            IsPatient = true,
        };
        await reader.ReadAsync(options.GetValue(_last) is { } last ? Place.BeforeEnd(last) : new Place(PlaceKind.End), cancellationToken);
        return ExitCode.Ok;
    }
}
