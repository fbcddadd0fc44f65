using System.Net.Sockets;

namespace Orleans.Pipeline.Gateway.Tests.Hostile;

/// <summary>HTTP/2 as its frames go over the wire (RFC 9113).</summary>
internal static class Http2
{
    private const byte Headers = 1;
    private const byte ResetStream = 3;
    private const byte Settings = 4;
    private const byte EndOfHeadersAndStream = 5;

    private static readonly byte[] Preface = [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. Frame(Settings, flags: 0, stream: 0, [])];

    /// <summary>Opens a connection rightly, and sends a frame of a random type, length, stream and content.</summary>
    public static async Task<Answer> NoiseAsync(HostileHost host, Random random)
    {
        var payload = HostileKind.Noise(random, random.Next(0, 300));
        var frame = Frame((byte)random.Next(0, 10), (byte)random.Next(256), random.Next(0, 5), payload);
        frame[0] = (byte)(random.Next(4) == 0 ? 0xFF : 0); // a frame that claims 16 MiB
        return await ClosedAsync(host, [.. Preface, .. frame]);
    }

    /// <summary>Opens streams and resets each at once, many of them.</summary>
    public static async Task<Answer> ResetsAsync(HostileHost host, Random random)
    {
        byte[] get = [0x82, 0x84, 0x86]; // :method GET, :path /, :scheme http, of HPACK's table
        byte[] cancel = [0, 0, 0, 8];
        var frames = Enumerable.Range(0, random.Next(200, 2000)).SelectMany(number =>
            Frame(Headers, EndOfHeadersAndStream, (number * 2) + 1, get).Concat(Frame(ResetStream, 0, (number * 2) + 1, cancel)));
        return await ClosedAsync(host, [.. Preface, .. frames]);
    }

    /// <summary>Sends, ends, and reads until the host closes the connection.</summary>
    private static async Task<Answer> ClosedAsync(HostileHost host, byte[] bytes)
    {
        using var socket = await host.ConnectAsync(http2: true);
        try
        {
            await socket.SendAsync(bytes);
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            return Answer.Closed;
        }

        var buffer = new byte[16 << 10];
        while (await HostileHost.ReceiveAsync(socket, buffer) > 0)
        {
        }

        return Answer.Closed;
    }

    private static byte[] Frame(byte type, byte flags, int stream, byte[] payload) =>
    [
        (byte)(payload.Length >> 16), (byte)(payload.Length >> 8), (byte)payload.Length, type, flags,
        (byte)(stream >> 24), (byte)(stream >> 16), (byte)(stream >> 8), (byte)stream, .. payload,
    ];
}
