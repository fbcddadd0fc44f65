using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Spectre.Console;

namespace Orleans.Pipeline.Cli.Output;

/// <summary>Where a command writes: data to standard output, all else to standard error.</summary>
internal sealed class CommandOutput
{
    private const int BufferBytes = 64 << 10;

    private readonly bool _isQuiet;
    private readonly BufferedStream _data = new(new StandardOutput(), BufferBytes);
    private readonly StreamWriter _text;

    /// <param name="isJson">Whether data is written as JSON.</param>
    /// <param name="isQuiet">Whether notes and warnings are left out.</param>
    /// <param name="isColored">Whether a terminal gets colors.</param>
    public CommandOutput(bool isJson, bool isQuiet, bool isColored)
    {
        (IsJson, _isQuiet) = (isJson, isQuiet);
        _text = new(_data, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true, NewLine = "\n" };
        Page = TerminalConsole.Create(_text, !Console.IsOutputRedirected, isColored);
        Notes = TerminalConsole.Create(Console.Error, !Console.IsErrorRedirected, isColored);
    }

    public bool IsJson { get; }

    /// <summary>Whether standard error may show animations, such as a progress bar.</summary>
    public bool CanAnimate => !_isQuiet && !Console.IsErrorRedirected && !IsDumb;

    /// <summary>Whether data goes to a terminal that can redraw it.</summary>
    public static bool IsTerminal => !Console.IsOutputRedirected && !IsDumb;

    /// <summary>Standard output as bytes, buffered until <see cref="Flush"/>.</summary>
    public Stream Data => _data;

    public IAnsiConsole Page { get; }

    /// <summary>Standard error, for people.</summary>
    public IAnsiConsole Notes { get; }

    private static bool IsDumb => Environment.GetEnvironmentVariable("TERM") == "dumb";

    /// <summary>Writes a line of text to standard output.</summary>
    public void WriteLine(string line) => _text.WriteLine(line);

    /// <summary>Writes a line to standard error, except with <c>--quiet</c>.</summary>
    public void Note(string note)
    {
        if (!_isQuiet)
        {
            Console.Error.WriteLine(note);
        }
    }

    /// <summary>Writes a warning to standard error, except with <c>--quiet</c>.</summary>
    public void Warn(string warning)
    {
        if (!_isQuiet)
        {
            Notes.MarkupLineInterpolated($"[yellow]Warning:[/] {warning}");
        }
    }

    public void WriteDocument<T>(T value, JsonTypeInfo<T> type) => JsonText.WriteDocument(_data, value, type);

    public void WriteDocument(Action<Utf8JsonWriter> write) => JsonText.WriteDocument(_data, write);

    /// <summary>Writes one line of a stream of JSON.</summary>
    public void WriteJsonLine<T>(T value, JsonTypeInfo<T> type) => JsonText.WriteLine(_data, value, type);

    /// <summary>Writes the buffered bytes.</summary>
    /// <exception cref="OutputClosedException">The reader has closed the output.</exception>
    public void Flush() => _data.Flush();
}
