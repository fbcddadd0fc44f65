using System.Text;
using Spectre.Console;

namespace Orleans.Pipeline.Cli.Output;

/// <summary>A console of Spectre on a standard stream. Output that is not a terminal is plain and has no width limit.</summary>
internal static class TerminalConsole
{
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
            // The streams always write UTF-8.
        }

        private static int Or(int size, int usual) => size > 0 ? size : usual;
    }
}
