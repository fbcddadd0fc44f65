namespace Orleans.Pipeline.Client;

/// <summary>
/// Raised when the gateway refuses the caller: the credentials are missing, invalid or not sufficient. Retrying does not help.
/// </summary>
public sealed class AccessDeniedException : PipelineException
{
    internal AccessDeniedException(bool isAuthenticated, string message)
        : base(message) => IsAuthenticated = isAuthenticated;

    /// <summary>
    /// Gets whether the gateway knows the caller. If true, the caller lacks the scope, topic or pipeline that the message names (status
    /// 403). If false, the credentials are missing or invalid (status 401).
    /// </summary>
    public bool IsAuthenticated { get; }
}
