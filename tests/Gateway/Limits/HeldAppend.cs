using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Orleans.Pipeline.Gateway.Tests.Limits;

/// <summary>An append that has reached its endpoint, whose body is not all sent yet.</summary>
internal sealed class HeldAppend : IDisposable
{
    private const string Path = "/v1/topics/orders/partitions/0/batches";

    private readonly TcpClient _client = new();
    private readonly byte[] _batch;
    private readonly int _sent;

    private HeldAppend(byte[] batch, int sent) => (_batch, _sent) = (batch, sent);

    public static async Task<HeldAppend> StartAsync(GatewayHost gateway, byte[] batch, int sent = 1)
    {
        var held = new HeldAppend(batch, sent);
        await held._client.ConnectAsync(IPAddress.Loopback, gateway.Address.Port);
        await held._client.Client.SendAsync(Encoding.ASCII.GetBytes(
            $"POST {Path} HTTP/1.1\r\nHost: gateway\r\nConnection: close\r\nContent-Type: application/vnd.orleans-pipeline.batch\r\nContent-Length: {batch.Length}\r\n\r\n"));
        await gateway.ArrivalAsync(Path);
        await held._client.Client.SendAsync(batch.AsMemory(0, sent));
        return held;
    }

    /// <summary>Sends the rest; the answer is what comes back.</summary>
    public async Task<string> FinishAsync()
    {
        await _client.Client.SendAsync(_batch.AsMemory(_sent));
        return await new StreamReader(_client.GetStream()).ReadToEndAsync();
    }

    public void Dispose() => _client.Dispose();
}
