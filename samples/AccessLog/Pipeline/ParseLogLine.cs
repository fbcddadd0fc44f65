using Orleans.Pipeline;

namespace AccessLog;

/// <summary>
/// Parses a line in the combined log format of Apache and nginx
/// (https://httpd.apache.org/docs/2.4/logs.html#combined):
/// <c>address identity user [time] "request" status bytes "referrer" "user agent"</c>.
/// </summary>
public sealed class ParseLogLine : IStep<ReadOnlyMemory<byte>, AccessLogEntry>
{
    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "CONNECT", "TRACE"];

    /// <inheritdoc />
    public AccessLogEntry Process(ReadOnlyMemory<byte> input, StepContext context) => Parse(input);

    /// <summary>Parses a line.</summary>
    /// <param name="line">The line, without its end. The entry refers to these bytes, so they must not change.</param>
    /// <exception cref="FormatException">The line does not have the format. The message names the fault and its byte.</exception>
    public static AccessLogEntry Parse(ReadOnlyMemory<byte> line)
    {
        var cursor = new LineCursor(line.Span);
        var address = cursor.TakeWord("client address");
        cursor.TakeWord("identity");
        cursor.SkipPast(" ["u8, "user", "opening bracket of the time");
        var time = cursor.TakeTime();
        cursor.Skip("] \""u8, "time");
        var request = cursor.TakeQuoted("request");
        cursor.Skip(" "u8, "request");
        var status = cursor.TakeStatus();
        cursor.Skip(" "u8, "status");
        var bytes = cursor.TakeBytes();
        cursor.Skip(" \""u8, "bytes");
        var referrer = cursor.TakeQuoted("referrer");
        cursor.Skip(" \""u8, "referrer");
        var userAgent = cursor.TakeQuoted("user agent");
        cursor.End("user agent");
        var (method, path) = SplitRequest(line[request]);
        return new AccessLogEntry
        {
            Address = new(line[address]),
            Time = time,
            Method = method,
            Path = new(path),
            Status = status,
            Bytes = bytes,
            Referrer = new(line[referrer]),
            UserAgent = new(line[userAgent]),
        };
    }

    /// <summary>
    /// Splits <c>GET /path HTTP/1.1</c>. A server logs any input, so this may be any text. An unknown method counts as none, so that
    /// strangers cannot fill the table with keys.
    /// </summary>
    private static (string Method, ReadOnlyMemory<byte> Path) SplitRequest(ReadOnlyMemory<byte> request)
    {
        var space = request.Span.IndexOf((byte)' ');
        if (space < 0 || MethodOf(request.Span[..space]) is not { } method)
        {
            return ("-", request);
        }

        var path = request[(space + 1)..];
        var end = path.Span.LastIndexOf(" HTTP/"u8);
        return (method, end < 0 ? path : path[..end]);
    }

    private static string? MethodOf(ReadOnlySpan<byte> word)
    {
        foreach (var method in Methods)
        {
            if (System.Text.Ascii.Equals(word, method))
            {
                return method;
            }
        }

        return null;
    }
}
