using Orleans.Pipeline.Wire;

namespace Orleans.Pipeline.Gateway.Problems;

/// <summary>A kind of problem. Its code is for programs and never changes; docs/http-api.md has an anchor with that name.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">The code.</param>
/// <param name="Title">The kind, in words.</param>
/// <param name="Example">What a problem of the kind may say.</param>
internal sealed record ProblemKind(int Status, string Code, string Title, string Example)
{
    /// <summary>
    /// The page docs/http-api.md, by a name because it has no address that is the same everywhere; each code is an anchor in it.
    /// </summary>
    public const string TypePrefix = "urn:orleans-pipeline:http-api#";

    /// <summary>A problem of this kind.</summary>
    /// <param name="detail">What was wrong, where, and what to do.</param>
    public Problem With(string detail) => new(TypePrefix + Code, Title, Status, detail, Code);
}
