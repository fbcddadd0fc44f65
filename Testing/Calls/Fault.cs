namespace Orleans.Pipeline.Testing.Calls;

/// <summary>What may happen to a call.</summary>
internal enum Fault
{
    /// <summary>The call fails before it has an effect.</summary>
    Fails,

    /// <summary>The call has its effect, and its answer is lost.</summary>
    LosesAnswer,

    /// <summary>The call is made twice.</summary>
    Repeats,

    /// <summary>Another process takes the task over before the call; the old owner knows nothing of it and continues.</summary>
    SecondOwnerBefore,

    /// <summary>Another process takes the task over after the call, before the old owner has the answer.</summary>
    SecondOwnerAfter,
}
