using System.Buffers;

namespace Orleans.Pipeline;

/// <summary>Turns values into record bytes and back. One instance serves several threads at once.</summary>
/// <typeparam name="T">The values.</typeparam>
public interface ISerializer<T>
{
    /// <summary>Writes a value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="destination">Takes the bytes.</param>
    void Serialize(T value, IBufferWriter<byte> destination);

    /// <summary>Reads a value. An exception makes the record a dead letter unless it is transient.</summary>
    /// <param name="bytes">The record's value; they stay valid and unchanged, so a value may refer to them.</param>
    T Deserialize(ReadOnlyMemory<byte> bytes);
}
