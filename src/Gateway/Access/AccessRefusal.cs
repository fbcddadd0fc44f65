namespace Orleans.Pipeline.Gateway.Access;

/// <summary>Why a request was refused, for its answer.</summary>
internal sealed record AccessRefusal(string Detail);
