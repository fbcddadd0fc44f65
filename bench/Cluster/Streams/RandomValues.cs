namespace Orleans.Pipeline.Bench.Cluster.Streams;

/// <summary>Values that a database cannot compress, each in its own array, as in an application.</summary>
internal sealed class RandomValues
{
    private readonly byte[] _random = new byte[1 << 20];
    private readonly int _bytes;
    private int _next;

    public RandomValues(int bytes, int seed)
    {
        _bytes = bytes;
        new Random(seed).NextBytes(_random);
    }

    public byte[][] Next(int count)
    {
        var values = new byte[count][];
        for (var index = 0; index < count; index++)
        {
            _next = (_next + _bytes) % (_random.Length - _bytes);
            values[index] = _random.AsSpan(_next, _bytes).ToArray();
        }

        return values;
    }
}
