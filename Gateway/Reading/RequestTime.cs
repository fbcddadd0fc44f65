using Orleans.Pipeline.Gateway.Problems;
using Orleans.Pipeline.Records;

namespace Orleans.Pipeline.Gateway.Reading;

/// <summary>Reads times of requests.</summary>
internal static class RequestTime
{
    /// <summary>Reads a time.</summary>
    /// <param name="text">The text.</param>
    /// <param name="name">The parameter's name, for the error.</param>
    /// <param name="others">What may stand there besides, for the error.</param>
    /// <exception cref="InvalidRequestException">It is not a time.</exception>
    public static DateTimeOffset Of(string text, string name, string others = "") => TimeText.TryParse(text, out var time)
        ? time
        : throw new InvalidRequestException($"The parameter '{name}' is '{text}'. Give {others}{TimeText.Forms}."
            + (text.Contains(' ', StringComparison.Ordinal) ? " In an address '+' is written %2B." : ""));
}
