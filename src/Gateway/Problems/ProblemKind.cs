namespace Orleans.Pipeline.Gateway.Problems;

/// <summary>A kind of problem. Its code is for programs and never changes; docs/http-api.md has a line with that name.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">The code.</param>
/// <param name="Title">The kind, in words.</param>
/// <param name="Example">What a problem of the kind may say.</param>
internal sealed record ProblemKind(int Status, string Code, string Title, string Example)
{
    private const string TypePrefix = "urn:orleans-pipeline:problem:";

    /// <summary>A problem of this kind.</summary>
    /// <param name="detail">What was wrong, where, and what to do.</param>
    public Problem With(string detail) => new(TypePrefix + Code, Title, Status, detail, Code);
}
