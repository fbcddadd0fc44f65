using Orleans.Pipeline.Dashboard.Sampling;
using Orleans.Pipeline.Gateway.Access;

namespace Orleans.Pipeline.Dashboard.Access;

/// <summary>
/// A user of the dashboard. The scopes, topics and pipelines of the API key or token decide what the user may see and do.
/// </summary>
public sealed class Viewer
{
    /// <summary>The scopes of which a viewer needs one.</summary>
    internal const Scopes AnyOf = Scopes.Consume | Scopes.Operate;

    private readonly Caller _caller;

    internal Viewer(Caller caller, bool isSignedIn) => (_caller, IsSignedIn) = (caller, isSignedIn);

    /// <summary>The name of the user's API key, or the subject of the user's token.</summary>
    public string Name => _caller.Name;

    /// <summary>Whether the user is authenticated; false if the host does not authenticate callers.</summary>
    public bool IsSignedIn { get; }

    /// <summary>Whether the user may see the processes.</summary>
    public bool SeesNodes => _caller.May(Scopes.Operate);

    /// <summary>Whether the user may see a topic.</summary>
    /// <param name="topic">The topic's name.</param>
    public bool SeesTopic(string topic) => _caller.HasTopic(topic);

    /// <summary>Whether the user may read a topic's records.</summary>
    /// <param name="topic">The topic's name.</param>
    public bool ReadsTopic(string topic) => _caller.May(Scopes.Consume) && _caller.HasTopic(topic);

    /// <summary>Whether the user may pause, resume, seek and drain a pipeline, and settle its dead letters.</summary>
    /// <param name="pipeline">The pipeline's name.</param>
    public bool Operates(string pipeline) => _caller.May(Scopes.Operate) && _caller.HasPipeline(pipeline);

    /// <summary>Leaves out the pipelines, topics and processes that the user may not see.</summary>
    internal Snapshot Of(Snapshot snapshot) => snapshot with
    {
        Pipelines = [.. snapshot.Pipelines.Where(pipeline => _caller.HasPipeline(pipeline.Name))],
        Topics = [.. snapshot.Topics.Where(topic => SeesTopic(topic.Name))],
        Nodes = SeesNodes ? snapshot.Nodes : [],
    };
}
