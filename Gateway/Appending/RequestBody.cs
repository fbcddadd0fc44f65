using System.Buffers;
using Microsoft.AspNetCore.Http;
using Orleans.Pipeline.Gateway.Limits;
using Orleans.Pipeline.Gateway.Problems;

namespace Orleans.Pipeline.Gateway.Appending;

/// <summary>
/// A request's whole body, in memory from the shared pool. A new array for each batch would be a large object, and collecting large objects
/// stops every request. The memory grows with the bytes that arrive, so that a client takes no more memory than it sends.
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
    /// <exception cref="RequestTooLargeException">The body is larger than the limit. Reading stops there.</exception>
    /// <exception cref="OverloadedException">The bodies in flight use all the memory for bodies.</exception>
    public static async ValueTask<RequestBody> ReadAsync(
        HttpRequest request, int limit, BodyBudget budget, CancellationToken cancellationToken)
    {
        request.RefusePacked();
        if (request.ContentLength > limit)
        {
            throw new RequestTooLargeException(limit);
        }

        // One byte more than expected, because the read that finds the end needs room.
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
