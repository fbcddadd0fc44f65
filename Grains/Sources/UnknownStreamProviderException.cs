namespace Orleans.Pipeline.Grains.Sources;

/// <summary>A pipeline reads streams that are topics, or streams of a provider that a silo does not have.</summary>
internal sealed class UnknownStreamProviderException(StreamSource source, string fault) : PipelineException(
    $"A pipeline reads the streams '{source}', but the stream provider '{source.Provider}' cannot be read: {fault}.");
