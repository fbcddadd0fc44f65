using System.Buffers;
using System.Text;

namespace Orleans.Pipeline.Client.Producing;

/// <summary>Memory in which one record after another is serialized.</summary>
internal sealed class SerializedRecord
{
    private const int MaximumKeptBytes = 1 << 20;

    private readonly ArrayBufferWriter<byte> _value = new();
    private readonly ArrayBufferWriter<byte> _key = new();

    public bool IsSmall => _value.Capacity + _key.Capacity <= MaximumKeptBytes;

    /// <summary>Serializes a record. It stays valid until the next call.</summary>
    public ProducerRecord Fill<T>(T value, ISerializer<T> serializer, Func<T, string?>? key, in ProducerRecord rest)
    {
        _value.ResetWrittenCount();
        if (Serializers.HasValue(value))
        {
            serializer.Serialize(value, _value);
        }

        var record = rest with { Value = Serializers.HasValue(value) ? _value.WrittenMemory : default };
        if (key?.Invoke(value) is not { } text)
        {
            return record;
        }

        _key.ResetWrittenCount();
        Encoding.UTF8.GetBytes(text, _key);
        return record with { Key = _key.WrittenMemory };
    }
}
