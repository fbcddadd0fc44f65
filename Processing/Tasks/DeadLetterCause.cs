namespace Orleans.Pipeline.Tasks;

/// <summary>Why a record became a dead letter.</summary>
/// <param name="Step">The step that failed.</param>
/// <param name="Error">The type of its error.</param>
internal readonly record struct DeadLetterCause(string Step, Type Error);
