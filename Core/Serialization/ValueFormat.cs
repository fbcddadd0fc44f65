using System.Buffers;

namespace Orleans.Pipeline.Serialization;

/// <summary>A serializer whose type is known only when the program runs.</summary>
internal abstract class ValueFormat
{
    public abstract Type Type { get; }

    /// <summary>Returns whether a value that is not null has the type.</summary>
    public abstract bool Fits(object value);

    /// <summary>Writes a value that fits.</summary>
    public abstract void Write(object value, IBufferWriter<byte> destination);
}

/// <typeparam name="T">The type of the values.</typeparam>
internal sealed class ValueFormat<T>(ISerializer<T> serializer) : ValueFormat
{
    public ISerializer<T> Serializer => serializer;

    public override Type Type => typeof(T);

    public override bool Fits(object value) => value is T;

    public override void Write(object value, IBufferWriter<byte> destination) => serializer.Serialize((T)value, destination);
}
