using System.Numerics;
using System.Runtime.CompilerServices;

namespace Orleans.Pipeline.Records;

/// <summary>Zigzag variable-length integers, as in Kafka records and Protocol Buffers' <c>sint</c> types.</summary>
internal static class Varint
{
    public const int MaximumBytes32 = 5;
    public const int MaximumBytes64 = 10;

    public static int Size(long value)
    {
        var bits = 64 - BitOperations.LeadingZeroCount(ZigZag(value) | 1);
        return (bits + 6) / 7;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(Span<byte> destination, ref int position, long value)
    {
        var rest = ZigZag(value);
        while (rest >= 0x80)
        {
            destination[position++] = (byte)(rest | 0x80);
            rest >>= 7;
        }

        destination[position++] = (byte)rest;
    }

    /// <summary>Reads a value from bytes that were validated.</summary>
    /// <exception cref="InvalidRecordBatchException">The value is cut off: the bytes were damaged after they were validated.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Read(ReadOnlySpan<byte> source, ref int position)
    {
        var at = position;
        if ((uint)at < (uint)source.Length)
        {
            uint first = source[at];
            if (first < 0x80)
            {
                position = at + 1;
                return (int)(first >> 1) ^ -(int)(first & 1);
            }
        }

        return ReadLong(source, ref position);
    }

    /// <summary>Reads a 32-bit value from bytes that were not validated. Refuses one that is cut off or does not fit.</summary>
    public static bool TryRead32(ReadOnlySpan<byte> source, ref int position, out int value)
    {
        ulong raw = 0;
        for (var shift = 0; shift < 7 * MaximumBytes32 && (uint)position < (uint)source.Length; shift += 7)
        {
            var next = source[position++];
            raw |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                value = (int)((uint)raw >> 1) ^ -(int)(raw & 1);
                return raw <= uint.MaxValue;
            }
        }

        value = 0;
        return false;
    }

    /// <summary>Reads a 64-bit value from bytes that were not validated. Refuses one that is cut off or does not fit.</summary>
    public static bool TryRead64(ReadOnlySpan<byte> source, ref int position, out long value)
    {
        ulong raw = 0;
        for (var shift = 0; shift < 7 * MaximumBytes64 && (uint)position < (uint)source.Length; shift += 7)
        {
            var next = source[position++];
            if (shift == 63 && next > 1)
            {
                break;
            }

            raw |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                value = (long)(raw >> 1) ^ -(long)(raw & 1);
                return true;
            }
        }

        value = 0;
        return false;
    }

    private static ulong ZigZag(long value) => (ulong)((value << 1) ^ (value >> 63));

    private static long ReadLong(ReadOnlySpan<byte> source, ref int position)
    {
        ulong raw = 0;
        var shift = 0;
        for (var at = position; (uint)at < (uint)source.Length && shift < 7 * MaximumBytes64; at++, shift += 7)
        {
            ulong next = source[at];
            raw |= (next & 0x7F) << shift;
            if (next < 0x80)
            {
                position = at + 1;
                return (long)(raw >> 1) ^ -(long)(raw & 1);
            }
        }

        throw new InvalidRecordBatchException(
            $"a number at byte {position} of its records is cut off; the bytes were damaged after they were validated.");
    }
}
