using System.Globalization;
using System.Text;

namespace Orleans.Pipeline.Gateway.Tests.Hostile;

/// <summary>What came back: a status and a body, or a closed connection.</summary>
internal readonly record struct Answer(int Status, string Body)
{
    /// <summary>The connection was closed without an answer.</summary>
    public static Answer Closed => new(0, "");

    /// <summary>Whether it is one of those that are expected: <c>closed</c>, a status, or a status and a problem's code.</summary>
    public bool Fits(IEnumerable<string> expected) => expected.Any(Fits);

    public override string ToString() => Status == 0 ? "closed" : $"{Status} {Body}";

    /// <summary>Reads an answer of HTTP/1.1 from what has arrived; null if it is not all there.</summary>
    public static Answer? Parse(ReadOnlySpan<byte> bytes, bool ended)
    {
        const string GoOn = "HTTP/1.1 100 Continue\r\n\r\n";
        var text = Encoding.UTF8.GetString(bytes);
        text = text.StartsWith(GoOn, StringComparison.Ordinal) ? text[GoOn.Length..] : text;
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0)
        {
            return ended ? Closed : null;
        }

        var (head, body) = (text[..end], text[(end + 4)..]);
        var status = int.Parse(head.AsSpan(9, 3), CultureInfo.InvariantCulture);
        return ended || IsWhole(head, body) ? new Answer(status, body) : null;
    }

    private static bool IsWhole(string head, string body)
    {
        const string LengthHeader = "\r\nContent-Length: ";
        var at = head.IndexOf(LengthHeader, StringComparison.Ordinal);
        return at < 0
            ? body.EndsWith("0\r\n\r\n", StringComparison.Ordinal)
            : Encoding.UTF8.GetByteCount(body) >= int.Parse(
                head[(at + LengthHeader.Length)..].Split('\r')[0], CultureInfo.InvariantCulture);
    }

    private bool Fits(string expected) => expected.Split(' ') switch
    {
        ["closed"] => Status == 0,
        [var status] => status == Status.ToString(CultureInfo.InvariantCulture),
        [var status, var code] =>
            status == Status.ToString(CultureInfo.InvariantCulture) && Body.Contains($"\"code\":\"{code}\"", StringComparison.Ordinal),
        _ => false,
    };
}
