using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Orleans.Pipeline.Gateway.Tests.Uploads;

/// <summary>An upload that is sent piece by piece over a connection of its own, whose answer may come before its end.</summary>
internal sealed class StreamedUpload : IAsyncDisposable
{
    private readonly TcpClient _client;
    private readonly NetworkStream _stream;

    private StreamedUpload(TcpClient client) => (_client, _stream) = (client, client.GetStream());

    /// <summary>Sends the head of the request.</summary>
    public static async Task<StreamedUpload> StartAsync(Uri gateway, string query, params string[] headers)
    {
        var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(gateway.Host, gateway.Port);
        var upload = new StreamedUpload(client);
        string[] head =
        [
            $"POST /v1/topics/orders/records{query} HTTP/1.1",
            "Host: gateway",
            "Connection: close",
            "Content-Type: application/x-ndjson",
            "Transfer-Encoding: chunked",
            .. headers, "", "",
        ];
        await upload._stream.WriteAsync(Encoding.ASCII.GetBytes(string.Join("\r\n", head)));
        return upload;
    }

    /// <summary>Sends a piece of the body.</summary>
    public Task SendAsync(string piece) => SendAsync(Encoding.UTF8.GetBytes(piece));

    /// <summary>Sends a piece of the body.</summary>
    public async Task SendAsync(byte[] piece)
    {
        await _stream.WriteAsync(Encoding.ASCII.GetBytes($"{piece.Length:x}\r\n"));
        await _stream.WriteAsync(piece);
        await _stream.WriteAsync("\r\n"u8.ToArray());
    }

    /// <summary>Ends the body as it should, and reads the answer.</summary>
    public async Task<(int Status, JsonNode Body)> FinishAsync()
    {
        await _stream.WriteAsync("0\r\n\r\n"u8.ToArray());
        return await AnswerAsync();
    }

    /// <summary>Reads the answer.</summary>
    public async Task<(int Status, JsonNode Body)> AnswerAsync()
    {
        using var reader = new StreamReader(_stream, Encoding.UTF8, leaveOpen: true);
        var status = int.Parse((await reader.ReadLineAsync())!.Split(' ')[1], CultureInfo.InvariantCulture);
        while (await reader.ReadLineAsync() is { Length: > 0 })
        {
        }

        var body = new StringBuilder();
        while (await reader.ReadLineAsync() is { } size && int.Parse(
            size,
            NumberStyles.HexNumber,
            CultureInfo.InvariantCulture) is var length and > 0)
        {
            var piece = new char[length];
            await reader.ReadBlockAsync(piece);
            body.Append(piece);
            await reader.ReadLineAsync();
        }

        return (status, JsonNode.Parse(body.ToString())!);
    }

    /// <summary>Breaks the connection, as a client that is killed does.</summary>
    public ValueTask DisposeAsync()
    {
        _client.LingerState = new LingerOption(enable: true, seconds: 0);
        _client.Dispose();
        return default;
    }
}
