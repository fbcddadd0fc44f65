using System.Text;
using Spectre.Console;

namespace Orleans.Pipeline.Cli.Output;

/// <summary>A console of Spectre on one of the standard streams, plain and as wide as need be where that is no terminal.</summary>
internal static class TerminalConsole
{
    /// <summary>Creates it.</summary>
    /// <param name="writer">The stream.</param>
    /// <param name="isTerminal">Whether the stream is a terminal.</param>
    /// <param name="isColored">Whether a terminal gets colors.</param>
    public static IAnsiConsole Create(TextWriter writer, bool isTerminal, bool isColored) => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Out = new Writer(isTerminal ? writer : new TrimmedWriter(writer), isTerminal),
        Ansi = isTerminal && Environment.GetEnvironmentVariable("TERM") != "dumb" ? AnsiSupport.Detect : AnsiSupport.No,
        ColorSystem = isTerminal && isColored ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
        Interactive = isTerminal ? InteractionSupport.Yes : InteractionSupport.No,
    });

    private sealed class Writer(TextWriter writer, bool isTerminal) : IAnsiConsoleOutput
    {
        private const int Unwrapped = 10_000;
        private const int UsualWidth = 80;
        private const int UsualHeight = 24;

        TextWriter IAnsiConsoleOutput.Writer => writer;

        public bool IsTerminal => isTerminal;

        public int Width => isTerminal ? Or(Console.WindowWidth, UsualWidth) : Unwrapped;

        public int Height => isTerminal ? Or(Console.WindowHeight, UsualHeight) : UsualHeight;

        public void SetEncoding(Encoding encoding)
        {
            // The streams write UTF-8, whatever is asked.
        }

        private static int Or(int size, int usual) => size > 0 ? size : usual;
    }
}
