using System.Net.Sockets;
using System.Text;
using static Orleans.Pipeline.Gateway.Tests.Hostile.HostileKind;

namespace Orleans.Pipeline.Gateway.Tests.Hostile;

/// <summary>Clients that hold a connection and do little with it. The host ends each within seconds.</summary>
internal static class SlowKinds
{
    private const string Batches = "/v1/topics/numbers/partitions/0/batches";
    private const string BatchType = "application/vnd.orleans-pipeline.batch";

    public static IEnumerable<HostileKind> All =>
    [
        new("a connection that says nothing", 40, (host, _) => host.ExchangeAsync([]), "closed"),
        new("headers that do not end", 40, (host, random) => host.ExchangeAsync(HostileHost.Bytes($"GET /v1/topics HTTP/1.1\r\nHost: {new string('a', random.Next(1, 2000))}")), "408"),
        new("headers that come byte by byte", 20, DripAsync, "408", "closed"),
        new("a body that stops", 40, (host, random) => host.ExchangeAsync([.. host.Request(
            "POST",
            Batches,
            BatchType,
            headers: $"Content-Length: {random.Next(1000, HostileHost.RequestBytes)}\r\n"), .. Noise(random, 100)]), "408 request-timeout"),
        new("a body whose chunks stop", 20, (host, _) => host.ExchangeAsync([.. host.Request(
            "POST", Batches, BatchType, headers: "Transfer-Encoding: chunked\r\n"), .. "FFFF\r\nabc"u8]), "408 request-timeout"),
        new("a body that is promised and not sent", 20, (host, _) => host.ExchangeAsync(host.Request(
            "POST",
            "/v1/producers",
            "application/json",
            headers: "Content-Length: 100\r\nExpect: 100-continue\r\n")), "408 request-timeout"),
        new("a reader that does not read", 10, StallAsync, "closed"),
        new("a client that leaves at once", 200, LeaveAsync, "closed"),
    ];

    /// <summary>
    /// Sends headers a byte at a time, each as soon as the socket takes it and the last two never, so that the end does not come.
    /// </summary>
    private static async Task<Answer> DripAsync(HostileHost host, Random random)
    {
        using var socket = await host.ConnectAsync();
        foreach (var letter in Encoding.ASCII.GetBytes("GET /v1/topics HTTP/1.1\r\nHost: gateway\r\n"))
        {
            await socket.SendAsync(new[] { letter });
        }

        return await HostileHost.AnswerAsync(socket);
    }

    /// <summary>Asks for more than fits into all buffers on the way, and reads none of it until the host gives up.</summary>
    private static async Task<Answer> StallAsync(HostileHost host, Random random)
    {
        using var socket = await host.ConnectAsync();
        socket.ReceiveBufferSize = 4096;
        var read = HostileHost.Bytes($"GET /openapi/v1.json HTTP/1.1\r\nHost: gateway\r\n\r\n");
        var asking = new byte[read.Length * 400];
        for (var at = 0; at < asking.Length; at += read.Length)
        {
            read.CopyTo(asking, at);
        }

        try
        {
            while (true)
            {
                await socket.SendAsync(asking);
            }
        }
        catch (SocketException)
        {
            return Answer.Closed;
        }
    }

    /// <summary>Sends a whole request and is gone.</summary>
    private static async Task<Answer> LeaveAsync(HostileHost host, Random random)
    {
        using var socket = await host.ConnectAsync();
        socket.LingerState = new LingerOption(enable: true, seconds: 0);
        await socket.SendAsync(host.Request("GET", "/v1/topics/numbers/partitions/0/records?offset=0&waitMs=30000"));
        return Answer.Closed;
    }
}
