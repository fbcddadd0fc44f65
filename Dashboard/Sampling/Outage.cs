namespace Orleans.Pipeline.Dashboard.Sampling;

/// <summary>A part of the system that did not answer.</summary>
/// <param name="Part">What: the engine, the store, the list of nodes.</param>
/// <param name="Reason">Why, as it says itself.</param>
/// <param name="Since">When that began.</param>
public sealed record Outage(string Part, string Reason, DateTimeOffset Since)
{
    internal const string Engine = "engine";
    internal const string Store = "store";
    internal const string Nodes = "list of nodes";
}
