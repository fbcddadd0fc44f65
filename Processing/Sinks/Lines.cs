using System.Buffers;

namespace Orleans.Pipeline.Sinks;

/// <summary>Writes values as lines: each value as its serializer writes it, and then a line feed.</summary>
internal static class Lines
{
    public static ReadOnlyMemory<byte> Of<T>(Delivery<T> delivery, ISerializer<T> serializer)
    {
        var lines = new ArrayBufferWriter<byte>();
        foreach (var delivered in delivery.Values)
        {
            if (Serializers.HasValue(delivered.Value))
            {
                serializer.Serialize(delivered.Value, lines);
            }
            else
            {
                lines.Write("null"u8);
            }

            lines.Write("\n"u8);
        }

        return lines.WrittenMemory;
    }
}
