using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Pipeline.Gateway.Access;

namespace Orleans.Pipeline.Gateway.Hosting;

/// <summary>
/// Replaces Kestrel's sockets for addresses that other machines can reach, while the gateway does not authenticate callers, and listens
/// on none of them. However an address was set, Kestrel asks for it here, before it listens on it: at the start, and when its settings
/// change.
/// </summary>
internal sealed class LoopbackOnly(Callers callers) : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    public static void AddTo(IServiceCollection services)
    {
        // Kestrel adds its sockets unless there is a listener already, and asks the last first.
        services.TryAddSingleton<IConnectionListenerFactory, SocketTransportFactory>();
        services.AddSingleton<IConnectionListenerFactory, LoopbackOnly>();
    }

    public bool CanBind(EndPoint endpoint) => !callers.MayComeFromElsewhere && !IsOfThisMachine(endpoint);

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        throw new UnprotectedGatewayException(endpoint);

    private static bool IsOfThisMachine(EndPoint endpoint) => endpoint switch
    {
        IPEndPoint address => IPAddress.IsLoopback(address.Address),
        UnixDomainSocketEndPoint or NamedPipeEndPoint => true,
        _ => false,
    };
}
