using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Orleans.Pipeline.Gateway.Tests.Hostile;

/// <summary>The host under attack: a process of its own, with keys, and times so short that those who are slow are soon cut off.</summary>
internal sealed class HostileHost : IAsyncDisposable
{
    /// <summary>A topic that the key may produce to and read.</summary>
    public const string Topic = "numbers";

    /// <summary>The most bytes of a body.</summary>
    public const int RequestBytes = 512 << 10;

    private const string Gateway = "--Gateway";
    private const string AnyPort = "http://127.0.0.1:0";

    private readonly TemporaryDirectory _directory = new();
    private readonly HostProcess _process;
    private int _port;
    private int _http2Port;

    private HostileHost()
    {
        string[] arguments =
        [
            "--database", _directory["pipeline.db"], "--files", _directory["files"],
            "--Kestrel:Endpoints:Http:Url", AnyPort, "--Kestrel:Endpoints:Http:Protocols", "Http1",
            "--Kestrel:Endpoints:Http2:Url", AnyPort, "--Kestrel:Endpoints:Http2:Protocols", "Http2",
            .. KeyArguments(0, "good", Key.Hash, Topic, "produce", "consume"), .. KeyArguments(
                1, "other", OtherKey.Hash, "other", "produce"),
            $"{Gateway}:Limits:HeadersTimeout",
            "00:00:02",
            $"{Gateway}:Limits:KeepAliveTimeout",
            "00:00:05",
            $"{Gateway}:Limits:RateGrace",
            "00:00:01.5",
            $"{Gateway}:Limits:RequestBytes",
            $"{RequestBytes}",
            $"{Gateway}:Limits:BatchBytes",
            $"{RequestBytes}",
            $"{Gateway}:Limits:RecordBytes",
            $"{RequestBytes}",
            $"{Gateway}:Limits:DecompressedBytes", $"{4 * RequestBytes}", $"{Gateway}:Limits:ResponseBytesPerSecond", "1000000",
        ];
        _process = HostProcess.Start("Orleans.Pipeline.CrashHost.dll", arguments);
        Http = new HttpClient();
        Http.DefaultRequestHeaders.Add("X-Api-Key", Key.Key);
        Http.DefaultRequestHeaders.ConnectionClose =
            true; // a kept connection could be cut off for its idleness just as the next request goes out
    }

    /// <summary>A caller that may produce to and read the topic.</summary>
    public ApiKey Key { get; } = ApiKey.Create();

    /// <summary>A caller that may not.</summary>
    public ApiKey OtherKey { get; } = ApiKey.Create();

    /// <summary>A client that is not hostile.</summary>
    public HttpClient Http { get; }

    /// <summary>All that the host logged.</summary>
    public string Log => _process.Errors;

    public static async Task<HostileHost> StartAsync()
    {
        var host = new HostileHost();
        host.Http.BaseAddress = await host._process.ReadyAsync();
        using var urls = JsonDocument.Parse(await host.Http.GetStringAsync("/urls"));
        (host._port, host._http2Port) = (PortOf(urls.RootElement[0]), PortOf(urls.RootElement[1]));
        return host;
    }

    /// <summary>The host's memory, in bytes.</summary>
    public async Task<(long Managed, long WorkingSet)> MemoryAsync()
    {
        using var memory = JsonDocument.Parse(await Http.GetStringAsync("/memory"));
        return (memory.RootElement.GetProperty("managed").GetInt64(), memory.RootElement.GetProperty("workingSet").GetInt64());
    }

    /// <summary>Opens a connection and says nothing yet.</summary>
    public async Task<Socket> ConnectAsync(bool http2 = false)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, http2 ? _http2Port : _port);
        return socket;
    }

    /// <summary>Sends bytes on a connection of their own and reads the answer.</summary>
    /// <param name="request">The bytes.</param>
    /// <param name="endsSending">Whether nothing more will be sent after them.</param>
    /// <param name="http2">Whether to the port of HTTP/2.</param>
    public async Task<Answer> ExchangeAsync(byte[] request, bool endsSending = false, bool http2 = false)
    {
        using var socket = await ConnectAsync(http2);
        try
        {
            await socket.SendAsync(request);
            if (endsSending)
            {
                socket.Shutdown(SocketShutdown.Send);
            }
        }
        catch (SocketException)
        {
            // It was cut off before it had sent all; there may be an answer all the same.
        }

        return await AnswerAsync(socket);
    }

    /// <summary>Reads the answer on a connection.</summary>
    public static async Task<Answer> AnswerAsync(Socket socket)
    {
        var received = new MemoryStream();
        var buffer = new byte[16 << 10];
        while (true)
        {
            var read = await ReceiveAsync(socket, buffer);
            received.Write(buffer, 0, read);
            if (Answer.Parse(received.GetBuffer().AsSpan(0, (int)received.Length), ended: read == 0) is { } answer)
            {
                return answer;
            }
        }
    }

    /// <summary>Reads from a connection; 0 when it was closed, however.</summary>
    public static async Task<int> ReceiveAsync(Socket socket, Memory<byte> buffer)
    {
        try
        {
            return await socket.ReceiveAsync(buffer);
        }
        catch (SocketException)
        {
            return 0;
        }
    }

    /// <summary>A request with the good key.</summary>
    public byte[] Request(string method, string path, string? contentType = null, byte[]? body = null, string headers = "") =>
        Bytes($"{method} {path} HTTP/1.1\r\nHost: gateway\r\nConnection: close\r\nX-Api-Key: {Key.Key}\r\n{headers}{(contentType is null ? "" : $"Content-Type: {contentType}\r\n")}{(body is null ? "" : $"Content-Length: {body.Length}\r\n")}\r\n", body);

    /// <summary>Text, byte by byte as it stands, and what follows it.</summary>
    public static byte[] Bytes(string text, byte[]? body = null) => [.. Encoding.Latin1.GetBytes(text), .. body ?? []];

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _process.DisposeAsync();
        _directory.Dispose();
    }

    private static int PortOf(JsonElement url) => new Uri(url.GetString()!).Port;

    private static IEnumerable<string> KeyArguments(int index, string name, string hash, string topic, params string[] scopes)
    {
        var key = $"{Gateway}:Authentication:ApiKeys:{index}";
        return [$"{key}:Name", name, $"{key}:Hash", hash, $"{key}:Topics:0", topic, .. scopes.SelectMany((scope, number) => new[] { $"{key}:Scopes:{number}", scope })];
    }
}
