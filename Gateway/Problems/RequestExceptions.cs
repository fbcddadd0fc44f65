using Orleans.Pipeline.Wire;

namespace Orleans.Pipeline.Gateway.Problems;

/// <summary>A request is not of the form that its endpoint takes.</summary>
internal sealed class InvalidRequestException(string message) : PipelineException(message);

/// <summary>A record in a request cannot be appended; nothing of the request was.</summary>
internal sealed class InvalidRecordException(RecordPosition position, string fault) : PipelineException(
    $"{position} was refused, so nothing was appended: {fault}")
{
    public RecordPosition Position => position;

    public string Fault => fault;
}

/// <summary>A request's body is larger than its endpoint takes.</summary>
internal sealed class RequestTooLargeException(long limit) : PipelineException(
    $"The request's body is over its limit of {limit} bytes. Send less at once.");

/// <summary>The gateway is busy with as much as it takes; nothing of the request was done.</summary>
internal sealed class OverloadedException(string message) : PipelineException(message);

/// <summary>A request's body has a content type that its endpoint does not take.</summary>
internal sealed class UnsupportedContentTypeException(string? contentType, params string[] supported) : PipelineException(
    $"The content type {(contentType is null ? "is missing" : $"'{contentType}' is not supported here")}. Send "
        + $"'{string.Join("' or '", supported)}'.");

/// <summary>A request's body is compressed in a way that its endpoint does not take.</summary>
internal sealed class UnsupportedContentEncodingException(string message) : PipelineException(message)
{
    /// <summary>The endpoint unpacks gzip only.</summary>
    public static UnsupportedContentEncodingException NotGzip(string encoding) =>
        new($"The content encoding '{encoding}' is not supported. Send 'gzip', or no encoding.");

    /// <summary>The endpoint unpacks nothing.</summary>
    public static UnsupportedContentEncodingException Here(string encoding) => new(
        $"The content encoding '{encoding}' is not supported here. Send no encoding; only '{MediaTypes.NewlineDelimitedJson}' may be 'gzip'.");
}
