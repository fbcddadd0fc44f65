using System.Buffers;
using System.Text;

namespace Orleans.Pipeline.Dashboard.Records;

/// <summary>Matches records whose key, value or headers contain a text, ignoring case. Not safe for several threads.</summary>
internal sealed class RecordFilter(string text)
{
    private readonly SearchValues<string>? _searched = text.Length == 0
        ? null
        : SearchValues.Create([text], StringComparison.OrdinalIgnoreCase);
    private char[] _characters = new char[4096];

    public bool IsOpen => _searched is null;

    public bool Matches(in Record record) =>
        _searched is null || Holds(record.ValueSpan) || Holds(record.KeySpan) || HeadersHold(record.ReadHeaders());

    private bool HeadersHold(IReadOnlyList<Header> headers)
    {
        foreach (var header in headers)
        {
            if (header.Name.AsSpan().ContainsAny(_searched!) || (header.Value is { } value && Holds(value.Span)))
            {
                return true;
            }
        }

        return false;
    }

    private bool Holds(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _characters.Length)
        {
            _characters = new char[bytes.Length];
        }

        var length = Encoding.UTF8.GetChars(bytes, _characters);
        return _characters.AsSpan(0, length).ContainsAny(_searched!);
    }
}
