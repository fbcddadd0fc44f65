using Orleans.Pipeline.Records;

namespace Orleans.Pipeline.Cli.Producing;

/// <summary>A stream whose first bytes were already read from <c>rest</c>.</summary>
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
