using Microsoft.AspNetCore.Http;

namespace Orleans.Pipeline.Gateway;

/// <summary>The content types that the API speaks.</summary>
internal static class MediaTypes
{
    public const string Batch = "application/vnd.orleans-pipeline.batch";
    public const string PartitionBatches = "application/vnd.orleans-pipeline.partition-batches";
    public const string NewlineDelimitedJson = "application/x-ndjson";
    public const string Events = "text/event-stream";
    public const string Json = "application/json";
    public const string Problem = "application/problem+json";

    /// <summary>Whether a request asks for a content type by name.</summary>
    public static bool Accepts(HttpRequest request, string mediaType) =>
        request.GetTypedHeaders().Accept.Any(accepted => accepted.MediaType.Equals(mediaType, StringComparison.OrdinalIgnoreCase));
}
