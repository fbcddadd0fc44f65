using Spectre.Console;

namespace Orleans.Pipeline.Cli.Output;

/// <summary>Tables as the tools of this field print them: aligned columns, headings in capitals, no lines.</summary>
internal static class TextTables
{
    /// <summary>
    /// Starts a table; a heading that begins with <c>&gt;</c> is of a column aligned to the right, such as numbers. Where a terminal is too
    /// narrow, the last column is wrapped.
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

    /// <summary>Adds a name with its value.</summary>
    public static Grid Pair(this Grid grid, string name, string value) =>
        grid.AddRow(new Markup($"[bold]{name.EscapeMarkup()}[/]"), new Text(value));
}
