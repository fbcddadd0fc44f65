using System.IO.Compression;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Orleans.Pipeline.Gateway.Problems;

namespace Orleans.Pipeline.Gateway.Appending.Uploads;

internal sealed class UploadBody : IAsyncDisposable
{
    private const int BufferBytes = 64 << 10;

    private readonly bool _isOwn;

    private UploadBody(PipeReader reader, bool isOwn) => (Reader, _isOwn) = (reader, isOwn);

    public PipeReader Reader { get; }

    /// <exception cref="UnsupportedContentEncodingException">The body is compressed, but not by gzip.</exception>
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
/// The unpacked bytes of a gzip body. A truncated body is an error. A body may have several members, as files that were joined have.
/// </summary>
/// <remarks>
/// <see cref="GZipStream"/> accepts the end of its source at any place (dotnet/runtime issue 47563), so half a file would look whole. So a
/// member of our own, the mark, follows the body. The mark unpacks to its text only if the body before it is whole. Bytes that are unpacked
/// before the stream asks for the mark come from the body; bytes that are unpacked after that are the mark's.
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

    private sealed class MarkedSource(Stream body) : ForwardStream
    {
        private ReadOnlyMemory<byte> _mark = Pack(Mark);

        /// <summary>Whether the body has ended and the stream has asked for the mark.</summary>
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

/// <summary>A stream that can only be read from start to end.</summary>
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
