using System.Net;

namespace Orleans.Pipeline.Client;

/// <summary>Raised when the gateway refuses a request for a reason that has no exception of its own.</summary>
public sealed class PipelineRequestException : PipelineException
{
    internal PipelineRequestException(HttpStatusCode status, string? code, string detail)
        : base(detail) => (Status, Code) = (status, code);

    /// <summary>The HTTP status of the answer.</summary>
    public HttpStatusCode Status { get; }

    /// <summary>The kind of problem, such as <c>invalid-request</c>; null if the answer was not the gateway's own.</summary>
    public string? Code { get; }
}
