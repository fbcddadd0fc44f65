using Orleans.Pipeline.Records;

namespace Orleans.Pipeline.Cli.Producing;

/// <summary>A stream of which the first bytes were read already.</summary>
/// <param name="first">Those bytes.</param>
/// <param name="rest">The rest.</param>
internal sealed class PrefixedStream(ReadOnlyMemory<byte> first, Stream rest) : ForwardStream
{
    private ReadOnlyMemory<byte> _first = first;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_first.IsEmpty)
        {
            return rest.ReadAsync(buffer, cancellationToken);
        }

        var count = Math.Min(buffer.Length, _first.Length);
        _first[..count].CopyTo(buffer);
        _first = _first[count..];
        return new(count);
    }
}
