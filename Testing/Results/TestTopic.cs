namespace Orleans.Pipeline.Testing;

/// <summary>A topic, as it stands when a test asks for it.</summary>
public sealed class TestTopic
{
    internal TestTopic(IReadOnlyList<TestRecord> records) => Records = records;

    /// <summary>Gets the records, by partition and offset.</summary>
    public IReadOnlyList<TestRecord> Records { get; }

    /// <summary>Returns the records, one a line, such as <c>customer-7: {"country":"NL"}</c>.</summary>
    public override string ToString() => string.Join('\n', Records);
}
