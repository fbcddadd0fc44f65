using System.CommandLine;

namespace Orleans.Pipeline.Cli.Tests;

/// <summary>Values at and beyond the limits of what an option or argument may take, by its type.</summary>
internal static class OptionValues
{
    private static readonly string[] Numbers =
    [
        "-9223372036854775809", "-9223372036854775808", "-2147483649", "-2147483648", "-1", "-0", "00", "+1", "2", "1023", "1024", "1025",
        "1000", "1001", "999999", "1000001", "2147483647", "2147483648", "4294967296", "9223372036854775807", "9223372036854775808",
        "79228162514264337593543950336", "1.5", "0.4", "1e3", "1,000", "1_000", "NaN", "∞", "0x10", "١", "5k", "9223372036854775k",
        "9223372036854776k", "8388607T", "9223373T", "5b", "k",
    ];

    private static readonly string[] Durations =
    [
        "0s", "1ms", "-1s", "1d1d", "1.5s", "1d-1d", "49d", "50d", "3650d", "10675199d", "10675200d", "922337203685477ms",
        "922337203685478ms", "9223372036854775807ms", "9223372036854775807d", "9223372036854775808s", "10675199d2h48m5s477ms", "s", "5",
        "5 s", "1D",
    ];

    private static readonly string[] Places =
    [
        "start", "end", "Start", "@0", "@1", "@-1", "@", "@253402300799999", "@253402300800000", "@9223372036854775807",
        "@9223372036854775808", "0:0", "0:-1", "-1:0", ":", "0:", ":0", "0:9223372036854775807", "0:9223372036854775808", "2147483647:0",
        "2147483648:0", "0:0,0:1", "0:0,7:0", "0:0,", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59.9999999Z",
        "9999-12-31T23:59:59-14:00", "0000-00-00", "2026-02-30", "10000-01-01", "739000d", "9999999d", "10675199d", "10675200d",
    ];

    private static readonly string[] Limits =
    [
        "none", "no-age", "no-size", "none,none", "7d,10GB", "10GB,7d", "7d,", ",", "0d", "0B", "0.4", "1B", "10675199d", "10675200d",
        "8388607TiB", "8388608TiB", "9223372036854775807", "9223372036854775808", "9.3EB", "-1GB", "-1d", "1e3GB",
    ];

    private static readonly string[] Texts =
    [
        " ", "a", ".", "..", "/", "//", "a/b", "../a", "%", "%%", "%q", "%v\\", "\\x", "\\x4", "%v\\x80", "\\0", "(", "[", "*", "a{2147483648}",
        "(a+)+$", "(?<key>", "(?<key>.)?", "gzip", "GZIP", "7", "None,Gzip", "True", "maybe", "=", "=b", "a=", "a=b=c", "é", "🙂", "a\nb", "\u0001", "a b",
        "~", "~/", "-", "@file", "{0}", "[red]", "'", "\"", new('a', 300), new('é', 70_000),
    ];

    private static readonly string[] Addresses =
    [
        "http://", "http:///", "http://127.0.0.1:1", "127.0.0.1:1", "http://127.0.0.1:0", "http://127.0.0.1:65536", "http://127.0.0.1:-1",
        "https://127.0.0.1:1", "http://[::1", "http://[::1]:1", "ftp://127.0.0.1", "http://u:p@127.0.0.1:1", "http://127.0.0.1:1/?a=b",
        "http://127.0.0.1:1/#a", "http://127.0.0.1:1/a/b", "http://%", "http://256.256.256.256:1", $"http://{new string('a', 254)}",
        $"http://{new string('a', 64)}.invalid", "file:///etc", "unix:/a", "javascript:1",
    ];

    private static readonly string[] Common = ["", "-1", "0", "1", "9223372036854775808", "a", "null"];

    /// <summary>The values to try.</summary>
    /// <param name="symbol">The option or argument.</param>
    /// <param name="type">The type of its value. One that is not known here is tried with every value.</param>
    public static IEnumerable<string> For(Symbol symbol, Type type)
    {
        var single = Nullable.GetUnderlyingType(type) ?? type.GetElementType() ?? type;
        var values = (single.Name, symbol.Name) switch
        {
            (_, "--server") => Addresses,
            ("Int32" or "Int64", _) => Numbers,
            ("TimeSpan", _) => Durations,
            ("Place" or "DeadLetterPosition", _) => Places,
            ("RetentionText", _) => Limits,
            ("String" or "Regex" or "RecordFormat" or "Header" or "Compression" or "Boolean", _) => Texts,
            _ => [.. Numbers, .. Durations, .. Places, .. Limits, .. Texts, .. Addresses],
        };
        return Common.Concat(values).Distinct();
    }
}
