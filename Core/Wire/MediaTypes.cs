namespace Orleans.Pipeline.Wire;

/// <summary>The content types of the HTTP API.</summary>
internal static class MediaTypes
{
    /// <summary>Record batches of one partition.</summary>
    public const string Batch = "application/vnd.orleans-pipeline.batch";

    /// <summary>Record batches of several partitions.</summary>
    public const string PartitionBatches = "application/vnd.orleans-pipeline.partition-batches";

    public const string NewlineDelimitedJson = "application/x-ndjson";
    public const string Events = "text/event-stream";
    public const string Json = "application/json";
    public const string Problem = "application/problem+json";
}
