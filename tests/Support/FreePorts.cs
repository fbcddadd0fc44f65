using System.Net;
using System.Net.Sockets;

namespace Orleans.Pipeline.Support;

/// <summary>Ports for hosts that are started again at the same address.</summary>
public static class FreePorts
{
    /// <summary>
    /// Finds a free port of loopback below those that the system assigns to connections (from 32,768 on, on Linux). Otherwise a connection
    /// attempt to the host, while it is down, could get the host's own port.
    /// </summary>
    public static int Next(Random random)
    {
        while (true)
        {
            var port = random.Next(15_000, 30_000);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
            }
        }
    }
}
