namespace Orleans.Pipeline.Support;

/// <summary>A command of a page, with what the page says that it prints.</summary>
/// <param name="Line">The line of the page, from 1 on.</param>
/// <param name="Command">The command; it may go over several lines.</param>
/// <param name="Output">The lines that it prints.</param>
public sealed record ConsoleExample(int Line, string Command, IReadOnlyList<string> Output);

/// <summary>
/// Reads the examples of a page: blocks fenced as <c>console</c>. A line that begins with <c>$ </c> is a command, a line that begins with
/// <c>&gt; </c> continues it, and the others are its output.
/// </summary>
public static class ConsoleExamples
{
    private const string Fence = "```";
    private const string CommandMark = "$ ";
    private const string ContinuationMark = "> ";

    /// <summary>Reads the examples, in their order.</summary>
    public static IReadOnlyList<ConsoleExample> Read(string page)
    {
        var examples = new List<ConsoleExample>();
        var isInside = false;
        var number = 0;
        var output = new List<string>();
        foreach (var line in page.Split('\n'))
        {
            number++;
            if (line.StartsWith(Fence, StringComparison.Ordinal))
            {
                isInside = !isInside && line == Fence + "console";
            }
            else if (isInside && line.StartsWith(CommandMark, StringComparison.Ordinal))
            {
                output = [];
                examples.Add(new(number, line[CommandMark.Length..], output));
            }
            else if (isInside && line.StartsWith(ContinuationMark, StringComparison.Ordinal) && output.Count == 0)
            {
                examples[^1] = examples[^1] with { Command = $"{examples[^1].Command}\n{line[ContinuationMark.Length..]}" };
            }
            else if (isInside)
            {
                output.Add(line);
            }
        }

        return examples;
    }
}
