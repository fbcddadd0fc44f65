using Microsoft.AspNetCore.Http;
using Orleans.Pipeline.Gateway.Problems;

namespace Orleans.Pipeline.Gateway.Appending;

/// <summary>Reads a request's body into memory, never more than a limit.</summary>
internal static class RequestBody
{
    private const int FirstBuffer = 64 << 10;

    /// <summary>Reads the whole body: into one array of its exact size if the request tells it, otherwise into a growing one.</summary>
    /// <exception cref="RequestTooLargeException">The body is larger than the limit.</exception>
    public static ValueTask<ReadOnlyMemory<byte>> ReadAsync(HttpRequest request, int limit, CancellationToken cancellationToken) =>
        request.ContentLength switch
        {
            null => ReadUnknownLengthAsync(request.Body, limit, cancellationToken),
            var length when length > limit => throw new RequestTooLargeException(limit),
            var length => ReadExactlyAsync(request.Body, (int)length.Value, cancellationToken),
        };

    private static async ValueTask<ReadOnlyMemory<byte>> ReadExactlyAsync(Stream body, int length, CancellationToken cancellationToken)
    {
        var bytes = GC.AllocateUninitializedArray<byte>(length);
        await body.ReadExactlyAsync(bytes, cancellationToken);
        return bytes;
    }

    private static async ValueTask<ReadOnlyMemory<byte>> ReadUnknownLengthAsync(Stream body, int limit, CancellationToken cancellationToken)
    {
        var bytes = new byte[Math.Min(FirstBuffer, limit + 1L)];
        var length = 0;
        while (await body.ReadAsync(bytes.AsMemory(length), cancellationToken) is var read and > 0)
        {
            length += read;
            if (length > limit)
            {
                throw new RequestTooLargeException(limit);
            }

            if (length == bytes.Length)
            {
                Array.Resize(ref bytes, (int)Math.Min(length * 2L, limit + 1L));
            }
        }

        return bytes.AsMemory(0, length);
    }
}
