namespace Orleans.Pipeline.Storage.Sqlite.Connections;

/// <summary>Raised when a rule of a table ended the whole transaction, as RAISE(ROLLBACK) and ON CONFLICT ROLLBACK do.</summary>
/// <param name="refusal">What the caller of the request at fault gets.</param>
internal sealed class RolledBackException(PipelineException refusal) : Exception(refusal.Message, refusal)
{
    public PipelineException Refusal { get; } = refusal;
}
