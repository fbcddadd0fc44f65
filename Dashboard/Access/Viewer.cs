using Orleans.Pipeline.Dashboard.Sampling;
using Orleans.Pipeline.Gateway.Access;

namespace Orleans.Pipeline.Dashboard.Access;

/// <summary>
/// A user of the dashboard. The scopes, topics and pipelines of the API key or token decide what the user may see and do.
/// </summary>
public sealed class Viewer
{
    /// <summary>What a viewer needs one of.</summary>
    internal const Scopes AnyOf = Scopes.Consume | Scopes.Operate;

    private readonly Caller _caller;

    internal Viewer(Caller caller, bool isSignedIn) => (_caller, IsSignedIn) = (caller, isSignedIn);

    /// <summary>The name of their key, or the subject of their token.</summary>
    public string Name => _caller.Name;

    /// <summary>Whether the viewer is authenticated; false where callers are not.</summary>
    public bool IsSignedIn { get; }

    /// <summary>Whether they may look at the processes.</summary>
    public bool SeesNodes => _caller.May(Scopes.Operate);

    /// <summary>Whether they may look at a topic.</summary>
    /// <param name="topic">The topic's name.</param>
    public bool SeesTopic(string topic) => _caller.HasTopic(topic);

    /// <summary>Whether they may read a topic's records.</summary>
    /// <param name="topic">The topic's name.</param>
    public bool ReadsTopic(string topic) => _caller.May(Scopes.Consume) && _caller.HasTopic(topic);

    /// <summary>Whether they may pause, resume, seek and drain a pipeline, and settle its dead letters.</summary>
    /// <param name="pipeline">The pipeline's name.</param>
    public bool Operates(string pipeline) => _caller.May(Scopes.Operate) && _caller.HasPipeline(pipeline);

    /// <summary>What they may see of how everything is.</summary>
    internal Snapshot Of(Snapshot snapshot) => snapshot with
    {
        Pipelines = [.. snapshot.Pipelines.Where(pipeline => _caller.HasPipeline(pipeline.Name))],
        Topics = [.. snapshot.Topics.Where(topic => SeesTopic(topic.Name))],
    };
}
