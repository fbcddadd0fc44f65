namespace Orleans.Pipeline;

/// <summary>An error in a record that no retry can mend; the record becomes a dead letter at once.</summary>
/// <param name="message">What is wrong with the record.</param>
/// <param name="innerException">The cause, if there is one.</param>
public class PermanentException(string message, Exception? innerException = null) : Exception(message, innerException);
