using static Orleans.Pipeline.Gateway.Tests.Hostile.HostileKind;

namespace Orleans.Pipeline.Gateway.Tests.Hostile;

/// <summary>Requests that are no HTTP, or too much of it.</summary>
internal static class ProtocolKinds
{
    private const string Get = "GET /v1/topics HTTP/1.1\r\nHost: gateway\r\n";

    public static IEnumerable<HostileKind> All =>
    [
        HostileKind.Bytes("noise", 300, (_, random) => [.. Noise(random, random.Next(1, 5000)), .. "\r\n\r\n"u8], "400", "505", "closed"),
        HostileKind.Bytes("a request line that is none", 400, (_, random) => HostileHost.Bytes(Pick(
            random,
            "GET\r\n\r\n",
            "GET  \r\n\r\n",
            "GET /v1/topics\r\n\r\n",
            "/v1/topics GET HTTP/1.1\r\n\r\n",
            "G\0T / HTTP/1.1\r\n\r\n",
            "GET /v1/\0 HTTP/1.1\r\n\r\n",
            " GET / HTTP/1.1\r\n\r\n")), "400", "505"),
        HostileKind.Bytes(
            "another version",
            100,
            (_, random) => HostileHost.Bytes($"GET / HTTP/{random.Next(2, 10)}.{random.Next(1, 10)}\r\nHost: gateway\r\n\r\n"),
            "505"),
        HostileKind.Bytes("a long request line", 200, (_, random) => HostileHost.Bytes($"GET /v1/topics?{new string('a', random.Next(8200, 60_000))} HTTP/1.1\r\nHost: gateway\r\n\r\n"), "414", "closed"),
        HostileKind.Bytes("many headers", 200, (_, random) => HostileHost.Bytes(
            Get + string.Concat(Enumerable.Range(0, random.Next(110, 1000)).Select(number => $"h{number}: v\r\n")) + "\r\n"), "431", "closed"),
        HostileKind.Bytes(
            "a large header",
            200,
            (_, random) => HostileHost.Bytes($"{Get}Large: {new string('a', random.Next(33_000, 200_000))}\r\n\r\n"),
            "431",
            "closed"),
        HostileKind.Bytes("a header that is none", 300, (_, random) => HostileHost.Bytes(
            $"{Get}{Pick(random, "no colon", ": no name", "bad name: v", "folded: a\r\n b", "nul: a\0b", "return: a\rb")}\r\n\r\n"), "400"),
        HostileKind.Bytes(
            "no host, or two",
            200,
            (_, random) => HostileHost.Bytes($"GET / HTTP/1.1\r\n{Pick(random, "", "Host: a\r\nHost: b\r\n", "Host: a b\r\n")}\r\n"),
            "400"),
        HostileKind.Bytes("a length that is none", 300, (host, random) => host.Request(
            "POST",
            "/v1/producers",
            "application/json",
            headers: $"Content-Length: {Pick(random, "-1", "many", "99999999999999999999", "1e3", "0x10", "1, 2")}\r\n"), "400"),
        HostileKind.Bytes(
            "two lengths",
            100,
            (host, _) => host.Request("POST", "/v1/producers", "application/json", headers: "Content-Length: 2\r\nContent-Length: 20\r\n"),
            "400"),
        HostileKind.Bytes("chunks that are none", 400, (host, random) => [.. host.Request(
            "POST", "/v1/producers", "application/json", headers: "Transfer-Encoding: chunked\r\n"), .. HostileHost.Bytes(Pick(
                random, "ZZZ\r\n", "FFFFFFFFFFFFFFFFFFFF\r\n", "2\r\n{}0\r\n\r\n", "-1\r\n\r\n"))], "400 invalid-request"),
        HostileKind.Bytes("a chunk whose extension does not end", 50, (host, random) => [.. host.Request(
            "POST", "/v1/producers", "application/json", headers: "Transfer-Encoding: chunked\r\n"), .. HostileHost.Bytes($"2;{new string('e', random.Next(1, 200_000))}")], "400 invalid-request", "408 request-timeout", "413", "closed"),
        HostileKind.Bytes("an unknown transfer encoding", 100, (host, random) => host.Request(
            "POST",
            "/v1/producers",
            "application/json",
            headers: $"Transfer-Encoding: {Pick(random, "gzip", "chunked, gzip", "identity", "xchunked")}\r\n"), "400", "501"),
        HostileKind.Bytes(
            "HTTP/2 on the port of HTTP/1.1",
            100,
            (_, random) => [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. Noise(random, 100)],
            "400",
            "505",
            "closed"),
        new(
            "HTTP/1.1 on the port of HTTP/2",
            100,
            (host, _) => host.ExchangeAsync(HostileHost.Bytes($"{Get}\r\n"), http2: true),
            "400",
            "closed"),
        new(
            "a preface of HTTP/2 that is noise",
            200,
            (host, random) => host.ExchangeAsync(Noise(random, random.Next(24, 500)), endsSending: true, http2: true),
            "400",
            "closed"),
        new("frames of HTTP/2 that are noise", 300, Http2.NoiseAsync, "closed"),
        new("streams of HTTP/2 that are opened and reset", 50, Http2.ResetsAsync, "closed"),
    ];
}
