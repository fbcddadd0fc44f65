using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Metadata;
using Orleans.Streams;

namespace Orleans.Pipeline.Grains.Sources;

/// <summary>Subscribes a grain class to the streams that the silo's pipelines read.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class StreamSourcesAttribute : Attribute, IGrainBindingsProviderAttribute
{
    public IEnumerable<Dictionary<string, string?>> GetBindings(IServiceProvider services, Type grainClass, GrainType grainType)
    {
        var namespaces = services.GetService<PipelineCatalog>()?.StreamSources.Select(source => source.Namespace).Distinct() ?? [];
        return namespaces.SelectMany(name => new ImplicitStreamSubscriptionAttribute(name, StreamSourceMapper.Name).GetBindings(
            services,
            grainClass,
            grainType));
    }
}

/// <summary>Maps each stream to a grain of its own, with the key <c>namespace/key</c>.</summary>
internal sealed class StreamSourceMapper : IStreamIdMapper
{
    public const string Name = "pipeline-sources";

    public IdSpan GetGrainKeyId(GrainBindings grainBindings, StreamId streamId) =>
        IdSpan.Create($"{Encoding.UTF8.GetString(streamId.Namespace.Span)}/{Encoding.UTF8.GetString(streamId.Key.Span)}");
}
