using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Pipeline.Gateway.Access;

namespace Orleans.Pipeline.Gateway.Hosting;

/// <summary>
/// Refuses to listen on addresses that other machines can reach, while the gateway does not authenticate callers. Kestrel asks this factory
/// before it listens on an address, however the address was set: at the start, and when its settings change.
/// </summary>
internal sealed class LoopbackOnly(Callers callers) : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    public static void AddTo(IServiceCollection services)
    {
        // Kestrel adds its sockets only if no factory is registered, and asks the last one first.
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
