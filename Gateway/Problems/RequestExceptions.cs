using Orleans.Pipeline.Wire;

namespace Orleans.Pipeline.Gateway.Problems;

/// <summary>Raised when a request does not have the form that its endpoint needs.</summary>
internal sealed class InvalidRequestException(string message) : PipelineException(message);

/// <summary>Raised when a record of a request cannot be appended. Nothing of the request was appended.</summary>
internal sealed class InvalidRecordException(RecordPosition position, string fault) : PipelineException(
    $"{position} was refused, so nothing was appended: {fault}")
{
    public RecordPosition Position => position;

    public string Fault => fault;
}

internal sealed class RequestTooLargeException(long limit) : PipelineException(
    $"The request's body is over its limit of {limit} bytes. Send less at once.");

/// <summary>Raised when the gateway has reached a limit. Nothing of the request was done.</summary>
internal sealed class OverloadedException(string message) : PipelineException(message);

internal sealed class UnsupportedContentTypeException(string? contentType, params string[] supported) : PipelineException(
    $"The content type {(contentType is null ? "is missing" : $"'{contentType}' is not supported here")}. Send "
        + $"'{string.Join("' or '", supported)}'.");

internal sealed class UnsupportedContentEncodingException(string message) : PipelineException(message)
{
    /// <summary>The endpoint unpacks gzip only.</summary>
    public static UnsupportedContentEncodingException NotGzip(string encoding) =>
        new($"The content encoding '{encoding}' is not supported. Send 'gzip', or no encoding.");

    /// <summary>The endpoint unpacks nothing.</summary>
    public static UnsupportedContentEncodingException Here(string encoding) => new(
        $"The content encoding '{encoding}' is not supported here. Send no encoding; "
            + $"only '{MediaTypes.NewlineDelimitedJson}' may be 'gzip'.");
}
