namespace Orleans.Pipeline;

/// <summary>What a caller of the HTTP API may do; a caller may have several.</summary>
[Flags]
public enum Scope
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Append records.</summary>
    Produce = 1,

    /// <summary>Read records, and look at the pipelines that read them.</summary>
    Consume = 2,

    /// <summary>Create, change and delete topics; pause, resume, seek and drain pipelines; settle dead letters.</summary>
    Operate = 4,

    /// <summary>All of them. An endpoint that needs this is content with any one.</summary>
    Any = Produce | Consume | Operate,
}
