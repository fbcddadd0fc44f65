namespace Orleans.Pipeline.Gateway.Access;

/// <summary>Why a request was refused, for its answer, and whether it was for its token.</summary>
internal sealed record AccessRefusal(string Detail, bool IsOfToken = false);
