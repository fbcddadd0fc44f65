using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Orleans.Pipeline.Wire;

namespace Orleans.Pipeline.Client.Http;

/// <summary>A request to the gateway, with the values that its exceptions need.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">The path and query, relative to the gateway's address.</param>
internal readonly record struct WireRequest(HttpMethod Method, string Path)
{
    private const int LongestName = 1_000;

    private static readonly MediaTypeHeaderValue BatchContentType = new(MediaTypes.Batch);
    private static readonly MediaTypeHeaderValue JsonContentType = new(MediaTypes.Json);

    /// <summary>The request's partition; partition 0 if the request is for a whole topic.</summary>
    public TopicPartition Source { get; init; }

    public string? Pipeline { get; init; }

    public long Offset { get; init; }

    public RecordBatch Batch { get; init; }

    /// <summary>
    /// The time that the gateway may wait before it answers; <see cref="Timeout.InfiniteTimeSpan"/> for no limit. Default zero.
    /// </summary>
    public TimeSpan Wait { get; init; }

    public byte[]? Json { get; init; }

    /// <summary>The content type of the answer; null for JSON.</summary>
    public string? Accepts { get; init; }

    /// <summary>An error status whose body is still an answer; null for none.</summary>
    public HttpStatusCode? AlsoAnswers { get; init; }

    public static WireRequest ToTopic(HttpMethod method, TopicName topic, string rest = "") =>
        new(method, $"v1/topics/{topic}{rest}") { Source = new(topic, 0) };

    public static WireRequest ToPartition(HttpMethod method, TopicPartition partition, string rest) =>
        new(method, $"v1/topics/{partition.Topic}/partitions/{partition.Partition}/{rest}") { Source = partition };

    /// <exception cref="UnknownPipelineException">No path can hold the name, so no pipeline has it.</exception>
    public static WireRequest ToPipeline(HttpMethod method, string pipeline, string rest = "") =>
        pipeline is "" or "." or ".." || pipeline.Length > LongestName
            ? throw new UnknownPipelineException($"Pipeline '{pipeline}' does not exist: it cannot be the name of a pipeline.")
            : new(method, $"v1/pipelines/{Uri.EscapeDataString(pipeline)}{rest}") { Pipeline = pipeline };

    public WireRequest WithJson<T>(T body, JsonTypeInfo<T> type) => this with { Json = JsonSerializer.SerializeToUtf8Bytes(body, type) };

    public HttpRequestMessage ToMessage(Uri address, Version version)
    {
        var message = new HttpRequestMessage(Method, new Uri(address, Path))
        {
            Version = version,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        message.Headers.Accept.Add(new(Accepts ?? MediaTypes.Json));
        if (!Batch.Bytes.IsEmpty)
        {
            message.Content = new ReadOnlyMemoryContent(Batch.Bytes);
            message.Content.Headers.ContentType = BatchContentType;
        }
        else if (Json is not null)
        {
            message.Content = new ByteArrayContent(Json);
            message.Content.Headers.ContentType = JsonContentType;
        }

        return message;
    }

    public override string ToString() => $"{Method} {Path}";
}
