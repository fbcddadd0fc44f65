namespace Orleans.Pipeline.Client;

/// <summary>
/// The gateway refused the caller: its credentials are missing or not valid, or they do not allow what was asked. Trying again does
/// not help.
/// </summary>
public sealed class AccessDeniedException : PipelineException
{
    internal AccessDeniedException(bool isAuthenticated, string message)
        : base(message) => IsAuthenticated = isAuthenticated;

    /// <summary>
    /// Whether the gateway knows the caller, who lacks a scope, topic or pipeline that the message names (status 403); false if the
    /// credentials are missing or not valid (status 401).
    /// </summary>
    public bool IsAuthenticated { get; }
}
