namespace Orleans.Pipeline;

/// <summary>
/// Base of every error that Orleans.Pipeline reports to its caller: each says what was wrong, where, and what to do.
/// </summary>
public abstract class PipelineException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">What was wrong, where, and what to do.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    protected PipelineException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
