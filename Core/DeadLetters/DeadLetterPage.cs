namespace Orleans.Pipeline;

/// <summary>A page of a pipeline's dead letters.</summary>
/// <param name="DeadLetters">The dead letters, by partition and offset.</param>
/// <param name="Next">The place after which the next page begins; null if there are no more.</param>
public sealed record DeadLetterPage(IReadOnlyList<DeadLetter> DeadLetters, DeadLetterPosition? Next);

/// <summary>The dead letters of a pipeline that failed in the same way.</summary>
/// <param name="ErrorType">The full name of the error's type.</param>
/// <param name="Step">The step that failed.</param>
/// <param name="Count">The number of these dead letters.</param>
/// <param name="First">The time when the first of them was given up.</param>
/// <param name="Last">The time when the last of them was given up.</param>
/// <param name="Message">The error message of the last one.</param>
public sealed record DeadLetterError(string ErrorType, string Step, long Count, DateTimeOffset First, DateTimeOffset Last, string Message);
