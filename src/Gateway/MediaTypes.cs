namespace Orleans.Pipeline.Gateway;

/// <summary>The content types that the API speaks.</summary>
internal static class MediaTypes
{
    public const string Batch = "application/vnd.orleans-pipeline.batch";
    public const string NewlineDelimitedJson = "application/x-ndjson";
    public const string Json = "application/json";
    public const string Problem = "application/problem+json";
}
