using System.Net;
using System.Net.Sockets;

namespace Orleans.Pipeline.Client.Http;

/// <summary>
/// Opens connections to gateways. Each connection resolves its host's name again and tries the host's addresses in turn, so that renewed
/// connections follow a name that moves.
/// </summary>
internal sealed class GatewayConnector(Func<string, CancellationToken, Task<IPAddress[]>> resolve, TimeSpan timeout)
{
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        using var inTime = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        inTime.CancelAfter(timeout);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
            var addresses = await resolve(host, inTime.Token).ConfigureAwait(false);
            await socket.ConnectAsync(addresses, port, inTime.Token).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            socket.Dispose();
            throw new SocketException((int)SocketError.TimedOut);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
