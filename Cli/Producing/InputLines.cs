using Orleans.Pipeline.Cli.Invocation;
using Orleans.Pipeline.Wire;

namespace Orleans.Pipeline.Cli.Producing;

/// <summary>Reads lines from a stream. Their memory is never reused, so pending records may refer to it.</summary>
internal sealed class InputLines(Stream input)
{
    private const int ChunkBytes = 256 << 10;
    private const int MaximumLineBytes = 64 << 20;

    private byte[] _chunk = [];
    private int _start;
    private int _end;
    private bool _isAtEnd;

    /// <summary>The current line, without its end: <c>\n</c> or <c>\r\n</c>.</summary>
    public ReadOnlyMemory<byte> Line { get; private set; }

    /// <summary>The number of the current line, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>Whether a last line without an end is left out, because its rest may come later. Default false.</summary>
    public bool LeavesUnendedLine { get; init; }

    /// <summary>The number of the last line, if it had no end and was left out; null otherwise.</summary>
    public long? UnendedLine { get; private set; }

    /// <summary>Moves to the next line. The last line needs no end, unless <see cref="LeavesUnendedLine"/>.</summary>
    /// <param name="cancellationToken">Stops waiting for input, even if the system cannot cancel the read.</param>
    /// <returns>Whether there was a line.</returns>
    /// <exception cref="FailedException">The line is too long for a record.</exception>
    public async ValueTask<bool> NextAsync(CancellationToken cancellationToken)
    {
        var searched = 0;
        while (true)
        {
            var length = _chunk.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (length >= 0)
            {
                Take(searched + length, separator: 1);
                return true;
            }

            searched = _end - _start;
            if (_isAtEnd)
            {
                var isEmpty = searched == 0 || (Number == 0 && _chunk.AsSpan(_start, searched).SequenceEqual(ByteOrderMark.Utf8));
                if (isEmpty || LeavesUnendedLine)
                {
                    UnendedLine = isEmpty ? null : Number + 1;
                    return false;
                }

                Take(searched, separator: 0);
                return true;
            }

            await FillAsync(cancellationToken);
        }
    }

    private void Take(int length, int separator)
    {
        Number++;
        var line = _chunk.AsMemory(_start, length);
        line = Number == 1 && line.Span.StartsWith(ByteOrderMark.Utf8) ? line[ByteOrderMark.Utf8.Length..] : line;
        Line = line.Span is [.., (byte)'\r'] ? line[..^1] : line;
        _start += length + separator;
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        var rest = _end - _start;
        if (rest > MaximumLineBytes)
        {
            throw new FailedException($"Line {Number + 1} is longer than {MaximumLineBytes >> 20} MiB, too long for a record. Is the input text, with a record on each line?");
        }

        if (_end == _chunk.Length)
        {
            var larger = GC.AllocateUninitializedArray<byte>(Math.Max(ChunkBytes, rest * 2));
            _chunk.AsSpan(_start, rest).CopyTo(larger);
            (_chunk, _start, _end) = (larger, 0, rest);
        }

        // A read of a terminal or a pipe cannot be cancelled, so a cancelled read is abandoned.
        var read = await input.ReadAsync(_chunk.AsMemory(_end), CancellationToken.None).AsTask().WaitAsync(cancellationToken);
        _isAtEnd = read == 0;
        _end += read;
    }
}
