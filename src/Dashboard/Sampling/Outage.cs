namespace Orleans.Pipeline.Dashboard.Sampling;

/// <summary>Something that did not answer.</summary>
/// <param name="Part">What: the engine, the store, the nodes.</param>
/// <param name="Reason">Why, as it says itself.</param>
/// <param name="Since">When that began.</param>
public sealed record Outage(string Part, string Reason, DateTimeOffset Since);
