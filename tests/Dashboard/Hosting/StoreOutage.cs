using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Pipeline.Storage.Sqlite;

namespace Orleans.Pipeline.Dashboard.Tests.Hosting;

/// <summary>Puts a store out of reach for a while, as a database server that is restarted is.</summary>
internal sealed class StoreOutage
{
    private volatile string? _reason;

    public void Begin(string reason) => _reason = reason;

    public void End() => _reason = null;

    /// <summary>Registers the real store again, behind this outage.</summary>
    public void PutBefore(IServiceCollection services) => services.AddSingleton(provider =>
    {
        var store = DispatchProxy.Create<ITopicStore, Store>();
        ((Store)store).Stand(provider.GetRequiredService<SqliteStore>, () => _reason);
        return store;
    });

    /// <summary>The store as it is reached: every call goes to it, or fails.</summary>
    public class Store : DispatchProxy
    {
        private Func<ITopicStore> _store = null!;
        private Func<string?> _outage = null!;

        public void Stand(Func<ITopicStore> store, Func<string?> outage) => (_store, _outage) = (store, outage);

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            if (_outage() is { } reason)
            {
                throw new StoreUnavailableException(reason);
            }

            return targetMethod!.Invoke(_store(), args);
        }
    }
}
