using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace AccessLog.Demo;

/// <summary>The lines of a file, plain or gzip, up to a maximum number.</summary>
internal sealed class LogFile(FileInfo file, long? limit) : ILineSource
{
    private const int LongestLine = 1 << 20;

    private double _share;

    public double Share => Volatile.Read(ref _share);

    /// <exception cref="InvalidDataException">The file has a line of more than a mebibyte, or its compression is invalid.</exception>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var stream = file.OpenRead();
        var reader = PipeReader.Create(
            IsCompressed(stream) ? new GZipStream(stream, CompressionMode.Decompress) : stream,
            new StreamPipeReaderOptions(bufferSize: 64 << 10));
        var lines = 0L;
        var ended = false;
        while (!ended)
        {
            var read = await reader.ReadAsync(cancellationToken);
            var rest = read.Buffer;
            Volatile.Write(ref _share, Math.Max(_share, (double)stream.Position / Math.Max(1, stream.Length)));
            while (lines < (limit ?? long.MaxValue) && TryTakeLine(ref rest, read.IsCompleted, out var line))
            {
                lines++;
                Volatile.Write(ref _share, Math.Max(_share, (double)lines / (limit ?? long.MaxValue)));
                yield return line.IsSingleSegment ? line.First : line.ToArray();
            }

            if (rest.Length > LongestLine)
            {
                throw new InvalidDataException($"Line {lines + 1} of '{file}' has more than {LongestLine} bytes. Give a file of log lines.");
            }

            reader.AdvanceTo(rest.Start, rest.End);
            ended = read.IsCompleted || lines == limit;
        }

        await reader.CompleteAsync();
    }

    private static bool TryTakeLine(ref ReadOnlySequence<byte> rest, bool isLast, out ReadOnlySequence<byte> line)
    {
        if (rest.PositionOf((byte)'\n') is { } end)
        {
            line = rest.Slice(0, end);
            rest = rest.Slice(rest.GetPosition(1, end));
            return true;
        }

        line = rest;
        if (!isLast || rest.IsEmpty)
        {
            return false;
        }

        rest = rest.Slice(rest.End);
        return true;
    }

    /// <summary>Whether the stream begins as gzip does (RFC 1952, 2.3.1); the position stays at the beginning.</summary>
    private static bool IsCompressed(FileStream stream)
    {
        Span<byte> begin = stackalloc byte[2];
        var isCompressed = stream.ReadAtLeast(begin, begin.Length, throwOnEndOfStream: false) == 2 && begin[0] == 0x1F && begin[1] == 0x8B;
        stream.Position = 0;
        return isCompressed;
    }
}
