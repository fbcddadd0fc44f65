using Spectre.Console;

namespace Orleans.Pipeline.Cli.Output;

/// <summary>Tables in the usual style of command lines: aligned columns, headings in capitals, no lines.</summary>
internal static class TextTables
{
    /// <summary>
    /// Starts a table. A heading that begins with <c>&gt;</c> aligns its column to the right, as for numbers. A narrow terminal wraps the
    /// last column.
    /// </summary>
    public static Table Of(params string[] headings)
    {
        var table = new Table().NoBorder();
        for (var index = 0; index < headings.Length; index++)
        {
            var isRight = headings[index].StartsWith('>');
            var text = isRight ? headings[index][1..] : headings[index];
            var column = new Spectre.Console.TableColumn(new Markup($"[bold]{text.EscapeMarkup()}[/]")) { NoWrap = index < headings.Length - 1, Alignment = isRight ? Justify.Right : Justify.Left };
            table.AddColumn(column.Padding(0, 0, index == headings.Length - 1 ? 0 : 2, 0));
        }

        return table;
    }

    /// <summary>Starts a list of names with their values.</summary>
    public static Grid Pairs()
    {
        var grid = new Grid();
        grid.AddColumn(new GridColumn { NoWrap = true }.Padding(0, 0, 2, 0));
        grid.AddColumn(new GridColumn().Padding(0, 0, 0, 0));
        return grid;
    }

    public static Grid Pair(this Grid grid, string name, string value) =>
        grid.AddRow(new Markup($"[bold]{name.EscapeMarkup()}[/]"), new Text(value));
}
