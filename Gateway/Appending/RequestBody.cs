using System.Buffers;
using Microsoft.AspNetCore.Http;
using Orleans.Pipeline.Gateway.Limits;
using Orleans.Pipeline.Gateway.Problems;

namespace Orleans.Pipeline.Gateway.Appending;

/// <summary>
/// A request's whole body, in memory borrowed from the shared pool: a fresh array for each batch would be a large object, whose
/// collection stops every request. The memory grows with what has arrived, so that a client takes no more of it than it sends.
/// </summary>
internal sealed class RequestBody : IDisposable
{
    private const int FirstBuffer = 64 << 10;
    private const int MaximumFirstBuffer = 2 << 20;

    private readonly BodyBudget _budget;
    private byte[]? _buffer;
    private int _length;
    private long _taken;

    private RequestBody(BodyBudget budget, int capacity)
    {
        _budget = budget;
        _buffer = Rent(capacity);
    }

    /// <summary>The body. Invalid after <see cref="Dispose"/>.</summary>
    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(0, _length);

    /// <summary>Reads the whole body. Allocates its full length at once if the request declares a usual length.</summary>
    /// <exception cref="UnsupportedContentEncodingException">The body is compressed.</exception>
    /// <exception cref="RequestTooLargeException">The body is larger than the limit; no more of it than that was read.</exception>
    /// <exception cref="OverloadedException">The bodies in flight have all the memory that there is for them.</exception>
    public static async ValueTask<RequestBody> ReadAsync(
        HttpRequest request, int limit, BodyBudget budget, CancellationToken cancellationToken)
    {
        request.RefusePacked();
        if (request.ContentLength > limit)
        {
            throw new RequestTooLargeException(limit);
        }

        // One byte more than is expected, so that the read that finds the end has room.
        var body = new RequestBody(budget, (int)Math.Min(request.ContentLength + 1 ?? FirstBuffer, MaximumFirstBuffer));
        try
        {
            await body.FillAsync(request.Body, limit, cancellationToken);
            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    /// <summary>Keeps the memory out of the pool, because an append may still read it.</summary>
    public void Abandon() => _buffer = null;

    public void Dispose()
    {
        _budget.Release(Interlocked.Exchange(ref _taken, 0));
        if (_buffer is { } buffer)
        {
            _buffer = null;
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async ValueTask FillAsync(Stream source, int limit, CancellationToken cancellationToken)
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
                Grow();
            }
        }
    }

    private void Grow()
    {
        var smaller = _buffer!;
        _buffer = Rent((int)Math.Min(_length * 2L, Array.MaxLength));
        smaller.CopyTo(_buffer, 0);
        ArrayPool<byte>.Shared.Return(smaller);
    }

    private byte[] Rent(int capacity)
    {
        var grown = capacity - _taken;
        _budget.Take(grown);
        _taken += grown;
        return ArrayPool<byte>.Shared.Rent(capacity);
    }
}
