namespace Orleans.Pipeline.Testing;

/// <summary>A call of a task to the world around it.</summary>
public enum PipelineCall
{
    /// <summary>The task becomes its partition's owner: the store gives it a new epoch.</summary>
    TakeOver,

    /// <summary>The task reads the bounds or the records of its partition.</summary>
    Read,

    /// <summary>The workers run the steps over some records.</summary>
    Steps,

    /// <summary>An <see cref="ISink{T}"/> is opened for the task.</summary>
    OpenSink,

    /// <summary>An <see cref="ISink{T}"/> is given values.</summary>
    Deliver,

    /// <summary>The store commits the next offset with the effects.</summary>
    Commit,
}
