using System.Globalization;

namespace Orleans.Pipeline.Dashboard.Tests.Hosting;

/// <summary>Lines in the combined log format, some of them cut off, always the same for the same numbers.</summary>
internal static class AccessLogLines
{
    private static readonly string[] Paths = ["/", "/products/{0}", "/search?q={0}", "/images/{0}", "/cart", "/checkout"];
    private static readonly int[] Statuses = [200, 200, 200, 200, 200, 200, 304, 301, 404, 500];

    public static (string Key, string Line) Of(int number)
    {
        var random = new Random(number);
        var address = $"{random.Next(11, 250)}.{random.Next(256)}.{random.Next(256)}.{random.Next(1, 255)}";
        var path = string.Format(CultureInfo.InvariantCulture, Paths[random.Next(Paths.Length)], random.Next(5000));
        var status = Statuses[random.Next(Statuses.Length)];
        var line = $"{address} - - [06/Jan/2025:00:{number / 60 % 60:00}:{number % 60:00} +0000] \"GET {path} HTTP/1.1\" {status} {random.Next(200, 90_000)} \"https://www.example.com/\" \"Mozilla/5.0 (X11; Linux x86_64)\"";
        return (address, number % 400 == 399 ? line[..(line.Length - 25)] : line);
    }
}
