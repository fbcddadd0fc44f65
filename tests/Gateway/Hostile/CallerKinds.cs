using System.Text;
using static Orleans.Pipeline.Gateway.Tests.Hostile.HostileKind;

namespace Orleans.Pipeline.Gateway.Tests.Hostile;

/// <summary>Requests for what is not there, and from those who may not.</summary>
internal static class CallerKinds
{
    private static readonly string[] Wanted =
        ["GET /v1/topics", "DELETE /v1/topics/numbers", "POST /v1/producers", "POST /v1/pipelines/numbers/pause", "POST /v1/topics/numbers/records", "GET /v1/server"];

    public static IEnumerable<HostileKind> All =>
    [
        HostileKind.Bytes("a path that leads elsewhere", 500, (host, random) => host.Request("GET", Pick(
            random,
            "/v1/topics/../../../etc/passwd",
            "/v1/../../secrets",
            "/..%2f..%2fetc/passwd",
            "/v1/nothing",
            "/%2e%2e/%2e%2e/",
            "/v1//topics/numbers/",
            "/v1/topics/numbers/partitions",
            "/appsettings.json")), "404"),
        HostileKind.Bytes("a topic that no name is", 300, (host, random) => host.Request("GET", "/v1/topics/" + Pick(
            random,
            "..%2f..%2fetc%2fpasswd",
            "%00",
            "a%0d%0ab",
            "NUMBERS",
            new string('a', 1000),
            "numbers%20",
            "'%3bDROP%20TABLE%20topics",
            "%c3%28")), "403 forbidden", "400"),
        HostileKind.Bytes(
            "an address of another form",
            100,
            (host, random) => host.Request("GET", Pick(random, "http://elsewhere/v1/nothing", "*", "elsewhere:80")),
            "400",
            "404",
            "405"),
        HostileKind.Bytes("a method that is not taken", 400, (host, random) => host.Request(
            Pick(random, "PATCH", "PUT", "TRACE", "BREW", "PROPFIND", new string('M', 50)),
            Pick(random, "/v1/producers", "/v1/topics/numbers/records", "/v1/pipelines")), "405 method-not-allowed"),
        HostileKind.Bytes(
            "CONNECT", 50, (host, random) => host.Request("CONNECT", Pick(random, "/v1/topics", "elsewhere:80", "*")), "400", "404", "405"),
        HostileKind.Bytes(
            "no credentials",
            400,
            (_, random) => HostileHost.Bytes($"{Pick(random, Wanted)} HTTP/1.1\r\nHost: gateway\r\nConnection: close\r\n\r\n"),
            "401 unauthenticated"),
        HostileKind.Bytes(
            "a key that nobody has",
            400,
            (_, random) => Keyed(random, $"plk_{Convert.ToBase64String(Noise(random, 32))}"),
            "401 unauthenticated"),
        HostileKind.Bytes("a hash for a key", 100, (host, random) => Keyed(random, host.Key.Hash), "401 unauthenticated"),
        HostileKind.Bytes(
            "a key that is huge or empty",
            200,
            (_, random) => Keyed(random, Pick(random, "", new string('k', random.Next(1000, 30_000)), "plk_")),
            "401 unauthenticated"),
        HostileKind.Bytes(
            "the key with something more",
            200,
            (host, random) => Keyed(random, host.Key.Key + Pick(random, "A", "=", "\r\nX-Api-Key: plk_")),
            "401 unauthenticated"),
        HostileKind.Bytes("a token where none is taken", 200, (_, random) => HostileHost.Bytes(
            $"GET /v1/topics HTTP/1.1\r\nHost: gateway\r\nConnection: close\r\nAuthorization: {Pick(random, "Bearer", "Bearer eyJhbGciOiJub25lIn0.e30.", "Basic YTpi", "Bearer " + new string('t', 20_000))}\r\n\r\n"), "401 unauthenticated"),
        HostileKind.Bytes("a large body without credentials", 100, (_, random) => HostileHost.Bytes(
            $"POST /v1/topics/numbers/records HTTP/1.1\r\nHost: gateway\r\nConnection: close\r\nContent-Length: {random.Next(1000, 16 << 20)}\r\n\r\n", Noise(random, 1000)), "401 unauthenticated"),
        HostileKind.Bytes("a caller of another topic", 300, (host, random) => Keyed(random, host.OtherKey.Key, Pick(
            random,
            "POST /v1/topics/numbers/records",
            "POST /v1/topics/numbers/partitions/0/batches",
            "GET /v1/topics/numbers",
            "GET /v1/topics/numbers/partitions/0/records?offset=0")), "403 forbidden"),
        HostileKind.Bytes("a caller without the scope", 300, (host, random) => Keyed(random, host.Key.Key, Pick(
            random,
            "DELETE /v1/topics/numbers",
            "PUT /v1/topics/numbers",
            "POST /v1/pipelines/numbers/pause",
            "POST /v1/pipelines/numbers/seek",
            "POST /v1/pipelines/numbers/dead-letters/replay")), "403 forbidden"),
    ];

    private static byte[] Keyed(Random random, string key, string? request = null) =>
        Encoding.Latin1.GetBytes($"{request ?? Pick(random, Wanted)} HTTP/1.1\r\nHost: gateway\r\nConnection: close\r\nX-Api-Key: {key}\r\n\r\n");
}
