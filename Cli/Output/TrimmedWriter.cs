using System.Text;

namespace Orleans.Pipeline.Cli.Output;

/// <summary>Passes text on without the spaces by which a table fills its last column, and which only a terminal needs.</summary>
internal sealed class TrimmedWriter(TextWriter inner) : TextWriter
{
    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => inner.Write(value);

    public override void Write(string? value)
    {
        if (value is null)
        {
            return;
        }

        var lines = value.Split('\n');
        foreach (var line in lines[..^1])
        {
            inner.Write(line.TrimEnd(' ', '\r') + "\n");
        }

        inner.Write(lines[^1]);
    }

    public override void Flush() => inner.Flush();
}
