using Orleans.Pipeline.Cli.Output;
using Spectre.Console;

namespace Orleans.Pipeline.Cli.Pipelines;

/// <summary>Shows the stages that have checkpoints and that no host defines any more.</summary>
internal static class UndefinedTable
{
    /// <summary>Writes the table; nothing if there are none.</summary>
    public static void Write(CommandOutput output, IReadOnlyList<UndefinedStage> undefined)
    {
        if (undefined.Count == 0)
        {
            return;
        }

        var table = TextTables.Of("NOT DEFINED", "STAGE", "TOPIC", ">RECORDS HELD", "LAST DEFINED", "LET GO AFTER");
        foreach (var stage in undefined)
        {
            table.AddRow(
                stage.Pipeline.EscapeMarkup(),
                stage.Stage.EscapeMarkup(),
                stage.Topic.Value,
                NumberText.Count(stage.Records),
                NumberText.Time(stage.DefinedAt),
                NumberText.Time(stage.ForgetAt));
        }

        output.Page.WriteLine();
        output.Page.Write(table);
        output.Note("No host defines these, but their checkpoints hold records and topics. Let go of one: pipeline forget PIPELINE");
    }
}
