using Microsoft.Extensions.DependencyInjection;

namespace Orleans.Pipeline.Testing.Running;

/// <summary>What a process is made of: the definitions of the user, and the services of their steps and sinks.</summary>
/// <param name="Define">Adds the pipelines.</param>
/// <param name="Configure">Registers the services; null for none.</param>
internal sealed record Setup(Action<PipelineCatalog> Define, Action<IServiceCollection>? Configure)
{
    /// <summary>Makes the pipelines as a process does that starts.</summary>
    public PipelineCatalog MakeCatalog()
    {
        var catalog = new PipelineCatalog();
        Define(catalog);
        return catalog;
    }

    /// <summary>Makes the services as a process does that starts. The clock is that of the test.</summary>
    public ServiceProvider MakeServices(TimeProvider clock)
    {
        var services = new ServiceCollection();
        Configure?.Invoke(services);
        services.AddLogging();
        services.AddSingleton(clock);
        return services.BuildServiceProvider();
    }
}
