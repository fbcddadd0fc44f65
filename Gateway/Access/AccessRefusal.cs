namespace Orleans.Pipeline.Gateway.Access;

/// <summary>The reason why a request was refused, and whether its token is that reason.</summary>
internal sealed record AccessRefusal(string Detail, bool IsOfToken = false);
