using Microsoft.Extensions.DependencyInjection;

namespace Orleans.Pipeline.Embedded;

/// <summary>Runs pipelines in this process without a host, from <see cref="StartAsync"/> until it is disposed.</summary>
public sealed class EmbeddedPipelines : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private EmbeddedPipelines(ServiceProvider services) => _services = services;

    /// <summary>Gets the engine, which reports status and does what operators request: pause, resume, seek, drain.</summary>
    public EmbeddedEngine Engine => _services.GetRequiredService<EmbeddedEngine>();

    /// <summary>Gets the topics. Appends are pushed back while the lag is over its limit.</summary>
    public ITopicLog Topics => _services.GetRequiredService<ITopicLog>();

    /// <summary>Gets the operations on the pipelines' dead letters: list, replay, discard.</summary>
    public DeadLetterOperations DeadLetters => _services.GetRequiredService<DeadLetterOperations>();

    /// <summary>Opens the database and starts the pipelines.</summary>
    /// <param name="settings">The settings, such as <c>EmbeddedSettings.For("orders.db")</c>.</param>
    /// <param name="define">Adds the pipelines.</param>
    /// <param name="configure">Registers the services of steps and sinks, logging, a clock; null for nothing.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <exception cref="InvalidPipelineException">A definition cannot work; the message says what to change.</exception>
    /// <exception cref="StoreUnusableException">The database cannot be opened; the message says why.</exception>
    public static async Task<EmbeddedPipelines> StartAsync(
        EmbeddedSettings settings,
        Action<PipelineCatalog> define,
        Action<IServiceCollection>? configure = null,
        CancellationToken cancellationToken = default)
    {
        var services = new ServiceCollection();
        configure?.Invoke(services);
        services.AddEmbeddedPipelines(settings, define);
        var pipelines = new EmbeddedPipelines(services.BuildServiceProvider());
        try
        {
            await pipelines.Engine.StartAsync(cancellationToken);
            return pipelines;
        }
        catch
        {
            await pipelines.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops reading records, commits the records in flight, and closes the database.</summary>
    public async ValueTask DisposeAsync()
    {
        await Engine.StopAsync(CancellationToken.None);
        await _services.DisposeAsync();
    }
}
