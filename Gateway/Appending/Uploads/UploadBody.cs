using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Orleans.Pipeline.Gateway.Problems;
using Orleans.Pipeline.Records;

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
            PipeReader.Create(new WholeGzipStream(request.Body), new StreamPipeReaderOptions(bufferSize: BufferBytes)), isOwn: true),
        var encoding => throw UnsupportedContentEncodingException.NotGzip(encoding),
    };

    /// <summary>Releases the decompressor. The body itself belongs to the server.</summary>
    public ValueTask DisposeAsync() => _isOwn ? Reader.CompleteAsync() : default;
}
