using System.CommandLine;
using Orleans.Pipeline.Cli.Invocation;
using Orleans.Pipeline.Cli.Values;

namespace Orleans.Pipeline.Cli.Reading;

/// <summary>Options of the commands that read records.</summary>
internal static class ReadingOptions
{
    public static Option<int[]> Partitions() =>
        new("--partition", "-p")
        {
            HelpName = "NUMBER",
            Description = "Only this partition; repeat it for several. Default all.",
            CustomParser = NumberRange.Partition.ParseEach,
        };

    public static Option<long?> Count() =>
        new("--count", "-n") { HelpName = "NUMBER", Description = "Stop after this many records.", CustomParser = CountText.Parse };

    public static RecordFormat FormatOf(CommandContext context, Option<RecordFormat?> option) =>
        context.Options.GetValue(option) ?? (context.Output.IsJson ? new JsonFormat() : new LineFormat());
}
