namespace Orleans.Pipeline.Gateway.Problems;

/// <summary>Raised when a line of an upload cannot be appended.</summary>
/// <param name="refused">The refusal of the line.</param>
/// <param name="acceptedLines">The number of lines before it, all of which were appended; 0 if none were.</param>
/// <param name="upload">The upload's name, if it has one.</param>
internal sealed class InvalidLineException(InvalidRecordException refused, long acceptedLines, string? upload) : PipelineException(
    acceptedLines == 0 ? refused.Message : $"{refused.Position} was refused: {refused.Fault} The lines before it were appended. "
        + $"{Remedy(refused.Position.Number, upload)}")
{
    public long Line => refused.Position.Number;

    public long AcceptedLines => acceptedLines;

    private static string Remedy(long line, string? upload) => upload is null
        ? $"Correct it and send the rest, from line {line} on."
        : $"Correct it and send all lines again as upload '{upload}': lines that were appended are not appended again.";
}

/// <summary>Raised when an upload ends early and some of its lines may have been appended.</summary>
/// <param name="cause">The error that ended the upload.</param>
/// <param name="acceptedLines">How many lines, from the first, were appended.</param>
/// <param name="upload">The upload's name, if it has one.</param>
internal sealed class InterruptedUploadException(Exception cause, long acceptedLines, string? upload) : PipelineException(
    $"{cause.Message} {State(acceptedLines)} {Remedy(upload)}", cause)
{
    /// <summary>How many lines, from the first, were appended.</summary>
    public long AcceptedLines => acceptedLines;

    private static string State(long acceptedLines) =>
        acceptedLines == 0 ? "Some lines may have been appended." : $"The lines up to {acceptedLines} were appended, and some after them "
            + $"may have been.";

    private static string Remedy(string? upload) => upload is null
        ? "To be able to send lines again without duplicates, give the upload a name (?upload=)."
        : $"Send all lines again as upload '{upload}': lines that were appended are not appended again.";
}

/// <summary>Raised when the body of an upload stalls.</summary>
/// <param name="time">How long it sent neither a whole line nor much of one.</param>
internal sealed class StalledUploadException(TimeSpan time) : PipelineException(
    $"No line of the upload arrived for {time.TotalSeconds:0.###} s. Send a line, which may be empty, at least that often.");

/// <summary>Raised when the host begins to stop, which ends long requests.</summary>
internal sealed class HostStoppingException() : PipelineException("The host is stopping. Try again when it is back, or at another host.");
