using System.Text;

namespace Orleans.Pipeline.Cli.Output;

/// <summary>Removes the spaces that fill the last column of a table; only a terminal needs them.</summary>
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
