using System.Buffers;
using System.Text;

namespace Orleans.Pipeline.Client.Producing;

/// <summary>A key and a value of text as UTF-8, in pooled memory that is returned on disposal.</summary>
internal readonly struct BorrowedText : IDisposable
{
    private readonly byte[] _buffer;

    public BorrowedText(string? key, string? value)
    {
        _buffer = ArrayPool<byte>.Shared.Rent(
            Encoding.UTF8.GetMaxByteCount(key?.Length ?? 0) + Encoding.UTF8.GetMaxByteCount(value?.Length ?? 0));
        var keyBytes = Encoding.UTF8.GetBytes(key, _buffer);
        var valueBytes = Encoding.UTF8.GetBytes(value, _buffer.AsSpan(keyBytes));
        Record = new()
        {
            Key = key is null ? default : _buffer.AsMemory(0, keyBytes),
            Value = value is null ? default : _buffer.AsMemory(keyBytes, valueBytes),
        };
    }

    public ProducerRecord Record { get; }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);
}
