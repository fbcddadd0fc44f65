namespace Orleans.Pipeline.Dashboard.Sampling;

/// <summary>A part of the system that did not answer.</summary>
/// <param name="Part">The part: the engine, the store, or the list of nodes.</param>
/// <param name="Reason">The reason, as the part reports it.</param>
/// <param name="Since">The time when the outage began.</param>
public sealed record Outage(string Part, string Reason, DateTimeOffset Since)
{
    internal const string Engine = "engine";
    internal const string Store = "store";
    internal const string Nodes = "list of nodes";
}
