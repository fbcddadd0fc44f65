namespace Orleans.Pipeline;

/// <summary>Some dead letters of a pipeline.</summary>
/// <param name="DeadLetters">The dead letters, by partition and offset.</param>
/// <param name="Next">The place after which the next page begins; null if there are no more.</param>
public sealed record DeadLetterPage(IReadOnlyList<DeadLetter> DeadLetters, DeadLetterPosition? Next);

/// <summary>The dead letters of a pipeline that failed in the same way.</summary>
/// <param name="ErrorType">The full name of the error's type.</param>
/// <param name="Step">The step that failed.</param>
/// <param name="Count">How many there are.</param>
/// <param name="First">When the first of them was given up.</param>
/// <param name="Last">When the last of them was given up.</param>
/// <param name="Message">The error's message of the last one.</param>
public sealed record DeadLetterError(string ErrorType, string Step, long Count, DateTimeOffset First, DateTimeOffset Last, string Message);
