using System.Net;
using System.Net.Sockets;

namespace Orleans.Pipeline.Bench.Cluster.Processes;

/// <summary>Finds free TCP ports.</summary>
internal static class FreePort
{
    public static int Next()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
