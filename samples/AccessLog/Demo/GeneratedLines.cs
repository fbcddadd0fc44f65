using System.Globalization;
using System.Text.Unicode;

namespace AccessLog.Demo;

/// <summary>
/// Generates lines like those of a busy web server, about a million per day of log time. The same seed makes the same lines. One line in a
/// thousand ends in the middle of its user agent.
/// </summary>
internal sealed class GeneratedLines(long count, int seed) : ILineSource
{
    private const int Addresses = 20_000;
    private const int MalformedEvery = 1000;
    private const int LongestLine = 1024;

    private static readonly DateTime Start = new(2025, 1, 6, 0, 0, 0, DateTimeKind.Utc);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(86.4);

    private static readonly Weighted<string> Methods = new(("GET", 940), ("POST", 35), ("HEAD", 20), ("OPTIONS", 5));
    private static readonly Weighted<int> Statuses = new(
        (200, 880), (304, 55), (404, 30), (301, 18), (206, 8), (403, 4), (500, 4), (503, 1));
    private static readonly Weighted<string> Sections = new(
        ("images", 30), ("products", 25), ("styles", 15), ("articles", 15), ("search", 10), ("account", 5));
    private static readonly Weighted<string> Referrers = new(
        ("-", 50), ("https://www.example.com/", 30), ("https://www.example.com/products", 12), ("https://search.example.net/?q=shoes", 8));
    private static readonly Weighted<string> UserAgents = new(
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36", 50),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1", 30),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0", 12),
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", 8));

    private readonly Random _random = new(seed);
    private readonly byte[] _line = new byte[LongestLine];
    private long _generated;

    public double Share => count == 0 ? 1 : (double)_generated / count;

    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (_generated < count)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return Next();
        }

        await Task.CompletedTask;
    }

    private ReadOnlyMemory<byte> Next()
    {
        var time = Start + (Step * _generated);
        var (method, status, userAgent) = (Methods.Pick(_random), Statuses.Pick(_random), UserAgents.Pick(_random));
        var address = AddressOf((int)(Addresses * Math.Pow(_random.NextDouble(), 3)));
        Utf8.TryWrite(
            _line,
            CultureInfo.InvariantCulture,
            $"{address >> 24}.{(address >> 16) & 255}.{(address >> 8) & 255}.{address & 255} - - [{time:dd/MMM/yyyy:HH:mm:ss} +0000] \"{method} /{Sections.Pick(_random)}/{_random.Next(5000)} HTTP/1.1\" {status} {BytesOf(status, method)} \"{Referrers.Pick(_random)}\" \"{userAgent}\"",
            out var length);
        _generated++;
        var cut = _generated % MalformedEvery == 0 ? _random.Next(2, userAgent.Length) : 0;
        return _line.AsMemory(0, length - cut);
    }

    /// <summary>
    /// Makes the address of a client. The multiplier is odd, so that no two clients share an address (Knuth's multiplicative hash).
    /// </summary>
    private static uint AddressOf(int client) => (uint)(client + 1) * 2_654_435_761;

    /// <summary>
    /// Makes a size. Sizes spread over four powers of ten, most of them small, as on the web. A response without a body has a dash.
    /// </summary>
    private string BytesOf(int status, string method)
    {
        var bytes = (long)Math.Pow(10, 2 + (4 * _random.NextDouble()));
        return status is 304 || method is "HEAD" ? "-" : bytes.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Picks values with a probability in proportion to their weights.</summary>
    private sealed class Weighted<T>(params (T Value, int Weight)[] choices)
    {
        private readonly int _total = choices.Sum(choice => choice.Weight);

        public T Pick(Random random)
        {
            var left = random.Next(_total);
            var index = 0;
            while (left >= choices[index].Weight)
            {
                left -= choices[index++].Weight;
            }

            return choices[index].Value;
        }
    }
}
