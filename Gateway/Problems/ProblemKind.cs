using Orleans.Pipeline.Wire;

namespace Orleans.Pipeline.Gateway.Problems;

/// <summary>A kind of problem. Its code is for programs and never changes; docs/http-api.md has an anchor with that name.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">The code.</param>
/// <param name="Title">The kind, in words.</param>
/// <param name="Example">An example of a detail.</param>
internal sealed record ProblemKind(int Status, string Code, string Title, string Example)
{
    /// <summary>
    /// The prefix of every type. It names the page docs/http-api.md, which has no address that is the same everywhere. Each code is an
    /// anchor in the page.
    /// </summary>
    public const string TypePrefix = "urn:orleans-pipeline:http-api#";

    /// <summary>Creates a problem of this kind.</summary>
    /// <param name="detail">What was wrong, where, and what to do.</param>
    public Problem With(string detail) => new(TypePrefix + Code, Title, Status, detail, Code);
}
