namespace Orleans.Pipeline.Gateway.Access;

/// <summary>Why a request was refused, and whether its token was the reason.</summary>
internal sealed record AccessRefusal(string Detail, bool IsOfToken = false);
