using System.IO.Compression;

namespace Orleans.Pipeline.Records;

/// <summary>
/// Unpacks gzip data that must be whole: its end is an error unless it is the end of a member. Several members may follow each other, as in
/// files that were joined; nothing else may. The gateway and the CLI unpack lines with this stream, so both accept the same files.
/// </summary>
/// <remarks>
/// <see cref="GZipStream"/> takes the end of its source for the end of its data, wherever that is (dotnet/runtime issue 47563), so half a
/// file would look whole. So a member of our own is put behind the data: only if all before it was whole does it unpack to what it should.
/// What is unpacked before the stream asks for that member comes from the data alone, what is unpacked after it is the member's.
/// </remarks>
internal sealed class WholeGzipStream : ForwardStream
{
    private static readonly byte[] Mark = "the data is whole"u8.ToArray();

    private readonly MarkedSource _source;
    private readonly GZipStream _unpacked;
    private bool _isAtEnd;

    public WholeGzipStream(Stream packed)
    {
        _source = new(packed);
        _unpacked = new(_source, CompressionMode.Decompress);
    }

    /// <exception cref="InvalidDataException">The data is damaged, cut off, or followed by other bytes; the message says which.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_isAtEnd || buffer.IsEmpty)
        {
            return 0;
        }

        try
        {
            var read = await _unpacked.ReadAsync(buffer, cancellationToken);
            if (read > 0 && !_source.IsAtMark)
            {
                return read;
            }

            _isAtEnd = await IsMarkAsync(buffer[..read], cancellationToken);
        }
        catch (InvalidDataException damaged) when (!_source.IsAtMark)
        {
            throw new InvalidDataException("its gzip data is damaged.", damaged);
        }
        catch (InvalidDataException)
        {
            // The mark was read as a part of the data, which had not ended.
        }

        return _isAtEnd
            ? 0
            : throw new InvalidDataException(_source.IsAtMark ? "its gzip data is cut off." : "other bytes follow its gzip data.");
    }

    public override async ValueTask DisposeAsync()
    {
        await _unpacked.DisposeAsync();
        await base.DisposeAsync();
    }

    /// <summary>Returns whether only the mark is left.</summary>
    private async ValueTask<bool> IsMarkAsync(ReadOnlyMemory<byte> first, CancellationToken cancellationToken)
    {
        var end = new byte[Mark.Length + 1];
        var length = Math.Min(first.Length, end.Length);
        first[..length].CopyTo(end);
        length += await _unpacked.ReadAtLeastAsync(end.AsMemory(length), end.Length - length, throwOnEndOfStream: false, cancellationToken);
        return end.AsSpan(0, length).SequenceEqual(Mark);
    }

    /// <summary>The data, followed by the mark.</summary>
    private sealed class MarkedSource(Stream packed) : ForwardStream
    {
        private ReadOnlyMemory<byte> _mark = Pack(Mark);

        /// <summary>Whether the data has ended and the mark was asked for.</summary>
        public bool IsAtMark { get; private set; }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (!IsAtMark && await packed.ReadAsync(buffer, cancellationToken) is var read and > 0)
            {
                return read;
            }

            IsAtMark = true;
            var length = Math.Min(buffer.Length, _mark.Length);
            _mark[..length].CopyTo(buffer);
            _mark = _mark[length..];
            return length;
        }

        private static byte[] Pack(byte[] mark)
        {
            using var packed = new MemoryStream();
            using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            {
                gzip.Write(mark);
            }

            return packed.ToArray();
        }
    }
}
