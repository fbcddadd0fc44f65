namespace Orleans.Pipeline;

/// <summary>What a stage does with a record that has no value, which Kafka calls a tombstone.</summary>
public enum MissingValue
{
    /// <summary>The record becomes a dead letter.</summary>
    DeadLetter,

    /// <summary>The record has no effect.</summary>
    Skip,

    /// <summary>The steps get null, or default memory if they read bytes.</summary>
    Null,
}
