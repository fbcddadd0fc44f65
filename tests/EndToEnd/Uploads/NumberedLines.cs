using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Orleans.Pipeline.EndToEnd.Tests.Uploads;

/// <summary>A body of JSON lines with the numbers 0, 1, 2 … of eleven keys, made as it is sent.</summary>
internal sealed class NumberedLines : HttpContent
{
    private const int PieceBytes = 64 << 10;
    private const int Keys = 11;

    private readonly int _count;
    private readonly string _padding;

    /// <param name="count">How many lines.</param>
    /// <param name="padding">Bytes that each line has beside its key and number.</param>
    public NumberedLines(int count, int padding)
    {
        (_count, _padding) = (count, new string('x', padding));
        Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
    }

    /// <summary>The key of a line.</summary>
    public static string KeyOf(int number) => $"key-{number % Keys}";

    /// <summary>The number of a line.</summary>
    public static int NumberOf(ReadOnlySpan<byte> line)
    {
        var digits = line["{\"number\":".Length..];
        return int.Parse(digits[..digits.IndexOf((byte)',')], CultureInfo.InvariantCulture);
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var piece = new MemoryStream(PieceBytes + 1024);
        for (var number = 0; number < _count; number++)
        {
            piece.Write(Encoding.ASCII.GetBytes($"{{\"number\":{number},\"key\":\"{KeyOf(number)}\",\"padding\":\"{_padding}\"}}\n"));
            if (piece.Length >= PieceBytes || number == _count - 1)
            {
                await stream.WriteAsync(piece.GetBuffer().AsMemory(0, (int)piece.Length), cancellationToken);
                piece.SetLength(0);
            }
        }
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
