using System.Runtime.CompilerServices;

namespace Orleans.Pipeline.Records;

/// <summary>Zigzag variable-length integers, as in Kafka records and Protocol Buffers' <c>sint</c> types.</summary>
internal static class Varint
{
    /// <summary>The most bytes a 32-bit value takes.</summary>
    public const int MaximumBytes32 = 5;

    /// <summary>The most bytes a 64-bit value takes.</summary>
    public const int MaximumBytes64 = 10;

    public static int Size(long value)
    {
        var bits = 64 - System.Numerics.BitOperations.LeadingZeroCount(ZigZag(value) | 1);
        return (bits + 6) / 7;
    }

    /// <summary>Writes a value into a span known to be long enough; returns the bytes taken.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Write(ref byte destination, long value)
    {
        var rest = ZigZag(value);
        if (rest < 0x80)
        {
            destination = (byte)rest;
            return 1;
        }

        return WriteLong(ref destination, rest);
    }

    /// <summary>Reads a value that is known to be whole; moves <paramref name="position"/> past it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long ReadTrusted(ref byte source, ref int position)
    {
        uint first = Unsafe.Add(ref source, position);
        if (first < 0x80)
        {
            position++;
            return (long)(first >> 1) ^ -(first & 1);
        }

        return ReadTrustedLong(ref source, ref position);
    }

    /// <summary>Reads a 32-bit value of unknown origin; refuses one that is cut off or does not fit 32 bits.</summary>
    public static bool TryRead32(ReadOnlySpan<byte> source, ref int position, out int value)
    {
        ulong raw = 0;
        for (var shift = 0; shift < 35 && (uint)position < (uint)source.Length; shift += 7)
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

    /// <summary>Reads a 64-bit value of unknown origin; refuses one that is cut off or does not fit 64 bits.</summary>
    public static bool TryRead64(ReadOnlySpan<byte> source, ref int position, out long value)
    {
        ulong raw = 0;
        for (var shift = 0; shift < 70 && (uint)position < (uint)source.Length; shift += 7)
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

    private static int WriteLong(ref byte destination, ulong rest)
    {
        var count = 0;
        while (rest >= 0x80)
        {
            Unsafe.Add(ref destination, count++) = (byte)(rest | 0x80);
            rest >>= 7;
        }

        Unsafe.Add(ref destination, count++) = (byte)rest;
        return count;
    }

    private static long ReadTrustedLong(ref byte source, ref int position)
    {
        ulong raw = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = Unsafe.Add(ref source, position++);
            raw |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return (long)(raw >> 1) ^ -(long)(raw & 1);
            }
        }
    }
}
