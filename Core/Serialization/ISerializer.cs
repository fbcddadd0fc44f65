using System.Buffers;

namespace Orleans.Pipeline;

/// <summary>Converts values to record bytes and back. One instance serves several threads at once.</summary>
/// <typeparam name="T">The type of the values.</typeparam>
public interface ISerializer<T>
{
    /// <summary>Writes a value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="destination">The writer of the record's bytes.</param>
    void Serialize(T value, IBufferWriter<byte> destination);

    /// <summary>Reads a value. An exception makes the record a dead letter unless it is transient.</summary>
    /// <param name="bytes">The bytes of the record's value. They stay valid and unchanged, so the result may refer to them.</param>
    T Deserialize(ReadOnlyMemory<byte> bytes);
}
