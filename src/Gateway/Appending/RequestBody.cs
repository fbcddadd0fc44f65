using System.Buffers;
using Microsoft.AspNetCore.Http;
using Orleans.Pipeline.Gateway.Problems;

namespace Orleans.Pipeline.Gateway.Appending;

/// <summary>
/// A request's whole body, in memory borrowed from the shared pool: a fresh array for each batch would be a large object, whose
/// collection stops every request.
/// </summary>
internal sealed class RequestBody : IDisposable
{
    private const int FirstBuffer = 64 << 10;

    private byte[]? _buffer;
    private int _length;

    private RequestBody(int capacity) => _buffer = ArrayPool<byte>.Shared.Rent(capacity);

    /// <summary>The body; not to be touched after <see cref="Dispose"/>.</summary>
    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(0, _length);

    /// <summary>Reads the whole body, straight into its place if the request tells its length.</summary>
    /// <exception cref="RequestTooLargeException">The body is larger than the limit; no more of it than that was read.</exception>
    public static async ValueTask<RequestBody> ReadAsync(HttpRequest request, int limit, CancellationToken cancellationToken)
    {
        if (request.ContentLength > limit)
        {
            throw new RequestTooLargeException(limit);
        }

        var body = new RequestBody((int?)request.ContentLength ?? FirstBuffer);
        try
        {
            await (request.ContentLength is { } length
                ? body.FillAsync(request.Body, (int)length, cancellationToken)
                : body.GrowAsync(request.Body, limit, cancellationToken));
            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    /// <summary>Keeps the memory out of the pool, because somebody may still be reading it.</summary>
    public void Abandon() => _buffer = null;

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        if (_buffer is { } buffer)
        {
            _buffer = null;
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async ValueTask FillAsync(Stream source, int length, CancellationToken cancellationToken)
    {
        await source.ReadExactlyAsync(_buffer.AsMemory(0, length), cancellationToken);
        _length = length;
    }

    private async ValueTask GrowAsync(Stream source, int limit, CancellationToken cancellationToken)
    {
        while (await source.ReadAsync(_buffer.AsMemory(_length), cancellationToken) is var read and > 0)
        {
            _length += read;
            if (_length > limit)
            {
                throw new RequestTooLargeException(limit);
            }

            if (_length == _buffer!.Length)
            {
                var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(_length * 2L, Array.MaxLength));
                _buffer.CopyTo(larger, 0);
                ArrayPool<byte>.Shared.Return(_buffer);
                _buffer = larger;
            }
        }
    }
}
