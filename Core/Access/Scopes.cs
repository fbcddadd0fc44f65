namespace Orleans.Pipeline;

/// <summary>The rights of a caller of the HTTP API.</summary>
[Flags]
public enum Scopes
{
    /// <summary>No rights.</summary>
    None = 0,

    /// <summary>Append records.</summary>
    Produce = 1,

    /// <summary>Read records, and look at the pipelines that read them.</summary>
    Consume = 2,

    /// <summary>Create, change and delete topics; pause, resume, seek and drain pipelines; settle dead letters.</summary>
    Operate = 4,

    /// <summary>All rights.</summary>
    All = Produce | Consume | Operate,
}
