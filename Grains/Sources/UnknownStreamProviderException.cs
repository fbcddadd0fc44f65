namespace Orleans.Pipeline.Grains.Sources;

/// <summary>A pipeline reads streams of a provider that a silo does not have, or that are topics.</summary>
internal sealed class UnknownStreamProviderException(StreamSource source, string fault) : PipelineException(
    $"A pipeline reads the streams '{source}', but the stream provider '{source.Provider}' cannot be read: {fault}.");
