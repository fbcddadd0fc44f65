namespace Orleans.Pipeline.Testing.Crashes;

/// <summary>A call that a test makes.</summary>
/// <param name="Text">The call, such as <c>Send("orders", "customer-7")</c>.</param>
/// <param name="FirstPlace">The number of calls that tasks had made before it.</param>
internal sealed record TestCall(string Text, int FirstPlace)
{
    /// <summary>Whether something waits for the clock after the call.</summary>
    public bool Waits { get; set; }
}

/// <summary>Values that a test has named, to be compared.</summary>
/// <param name="Name">The name for the messages.</param>
/// <param name="Values">Returns the values.</param>
internal sealed record Watched(string Name, Func<IEnumerable<object?>> Values);
