using System.Buffers.Binary;

namespace Orleans.Pipeline;

/// <summary>
/// Chooses the partition of a key as Kafka's default partitioner does, so that every client sends a key to the same partition.
/// </summary>
/// <remarks>
/// The hash is 32-bit MurmurHash2 by Austin Appleby with seed 0x9747b28c, as in <c>org.apache.kafka.common.utils.Utils.murmur2</c>. Its
/// sign bit is cleared before the remainder is taken.
/// </remarks>
public static class KeyPartitioner
{
    private const uint Seed = 0x9747B28C;
    private const uint Multiplier = 0x5BD1E995;

    /// <summary>Chooses a key's partition.</summary>
    /// <param name="key">The key.</param>
    /// <param name="partitions">The number of partitions of the topic, 1 or more.</param>
    /// <returns>0 to <paramref name="partitions"/> - 1.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="partitions"/> is below 1.</exception>
    public static int PartitionOf(ReadOnlySpan<byte> key, int partitions)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(partitions, 1);
        return (int)((Hash(key) & int.MaxValue) % (uint)partitions);
    }

    internal static uint Hash(ReadOnlySpan<byte> key)
    {
        var hash = Seed ^ (uint)key.Length;
        while (key.Length >= sizeof(uint))
        {
            var word = BinaryPrimitives.ReadUInt32LittleEndian(key) * Multiplier;
            word ^= word >> 24;
            hash = (hash * Multiplier) ^ (word * Multiplier);
            key = key[sizeof(uint)..];
        }

        if (key.Length > 0)
        {
            for (var index = key.Length - 1; index >= 0; index--)
            {
                hash ^= (uint)key[index] << (8 * index);
            }

            hash *= Multiplier;
        }

        hash ^= hash >> 13;
        hash *= Multiplier;
        return hash ^ (hash >> 15);
    }
}
