using System.IO.Compression;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Orleans.Pipeline.Gateway.Problems;

namespace Orleans.Pipeline.Gateway.Appending.Uploads;

/// <summary>The body of an upload as it arrives, uncompressed.</summary>
internal sealed class UploadBody : IAsyncDisposable
{
    private const int BufferBytes = 64 << 10;

    private readonly bool _isOwn;

    private UploadBody(PipeReader reader, bool isOwn) => (Reader, _isOwn) = (reader, isOwn);

    public PipeReader Reader { get; }

    /// <summary>Opens it.</summary>
    /// <exception cref="UnsupportedContentEncodingException">It is compressed in another way than by gzip.</exception>
    public static UploadBody Open(HttpRequest request) => request.Headers.ContentEncoding.ToString().Trim().ToLowerInvariant() switch
    {
        "" or "identity" => new(request.BodyReader, isOwn: false),
        "gzip" or "x-gzip" => new(
            PipeReader.Create(new GzipBody(request.Body), new StreamPipeReaderOptions(bufferSize: BufferBytes)), isOwn: true),
        var encoding => throw UnsupportedContentEncodingException.NotGzip(encoding),
    };

    /// <summary>Releases the decompressor. The body itself belongs to the server.</summary>
    public ValueTask DisposeAsync() => _isOwn ? Reader.CompleteAsync() : default;
}

/// <summary>
/// What a gzip body unpacks to; a body that is cut off is an error. It may be several members, one after another, as files that were
/// joined are.
/// </summary>
/// <remarks>
/// <see cref="GZipStream"/> takes the end of its source for the end of its data, wherever that is (dotnet/runtime issue 47563), so half a
/// file would look whole. So a member of our own is put behind the body: only if all before it was whole does it unpack to what it should.
/// What is unpacked before the stream asks for that member comes from the body alone, what is unpacked after it is the member's.
/// </remarks>
internal sealed class GzipBody : ForwardStream
{
    private static readonly byte[] Mark = "the body is whole"u8.ToArray();

    private readonly MarkedSource _source;
    private readonly GZipStream _unpacked;

    public GzipBody(Stream body)
    {
        _source = new(body);
        _unpacked = new(_source, CompressionMode.Decompress);
    }

    /// <exception cref="InvalidDataException">The body is damaged, cut off, or followed by other bytes.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await _unpacked.ReadAsync(buffer, cancellationToken);
        if (read > 0 && !_source.IsAtMark)
        {
            return read;
        }

        await CheckEndAsync(buffer[..read], cancellationToken);
        return 0;
    }

    public override async ValueTask DisposeAsync()
    {
        await _unpacked.DisposeAsync();
        await base.DisposeAsync();
    }

    /// <summary>Checks that only the mark follows the body.</summary>
    private async ValueTask CheckEndAsync(ReadOnlyMemory<byte> first, CancellationToken cancellationToken)
    {
        var end = new byte[Mark.Length + 1];
        var length = Math.Min(first.Length, end.Length);
        first[..length].CopyTo(end);
        length += await _unpacked.ReadAtLeastAsync(end.AsMemory(length), end.Length - length, throwOnEndOfStream: false, cancellationToken);
        if (!end.AsSpan(0, length).SequenceEqual(Mark))
        {
            throw new InvalidDataException("The body is truncated, or other bytes follow it.");
        }
    }

    /// <summary>The body, followed by the mark.</summary>
    private sealed class MarkedSource(Stream body) : ForwardStream
    {
        private ReadOnlyMemory<byte> _mark = Pack(Mark);

        /// <summary>Whether the body has ended and the mark was asked for.</summary>
        public bool IsAtMark { get; private set; }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (!IsAtMark && await body.ReadAsync(buffer, cancellationToken) is var read and > 0)
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

/// <summary>A stream that is read from its start to its end, and nothing else.</summary>
internal abstract class ForwardStream : Stream
{
    public sealed override bool CanRead => true;

    public sealed override bool CanSeek => false;

    public sealed override bool CanWrite => false;

    public sealed override long Length => throw new NotSupportedException();

    public sealed override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public abstract override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default);

    public sealed override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public sealed override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public sealed override void Flush()
    {
    }

    public sealed override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public sealed override void SetLength(long value) => throw new NotSupportedException();

    public sealed override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
