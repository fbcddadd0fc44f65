using System.Collections.Concurrent;
using Orleans.Pipeline.Dashboard.History;

namespace Orleans.Pipeline.Dashboard.Sampling;

/// <summary>The last hour of every pipeline, topic and process that still exists. The sampler writes; any thread may read.</summary>
internal sealed class Recorder
{
    private readonly ConcurrentDictionary<string, PipelineHistory> _pipelines = new();
    private readonly ConcurrentDictionary<string, TopicHistory> _topics = new();
    private readonly ConcurrentDictionary<string, NodeHistory> _nodes = new();
    private DateTimeOffset? _pipelinesAt;
    private DateTimeOffset? _topicsAt;

    public UsageHistory Whole { get; } = new();

    /// <summary>Returns the history of a pipeline; an empty one if there is none yet.</summary>
    public PipelineHistory Pipeline(string name) => _pipelines.GetValueOrDefault(name) ?? new PipelineHistory();

    public TopicHistory Topic(string name) => _topics.GetValueOrDefault(name) ?? new TopicHistory();

    public NodeHistory Node(string name) => _nodes.GetValueOrDefault(name) ?? new NodeHistory();

    /// <summary>Adds the parts of a snapshot that answered, and removes what does not exist any more.</summary>
    public void Add(Snapshot snapshot)
    {
        AddPipelines(snapshot, Elapsed(snapshot, Outage.Engine, ref _pipelinesAt));
        AddTopics(snapshot, Elapsed(snapshot, Outage.Store, ref _topicsAt));
        AddNodes(snapshot);
    }

    /// <summary>Returns the time since the part answered before; null if it did not.</summary>
    private static TimeSpan? Elapsed(Snapshot snapshot, string part, ref DateTimeOffset? at)
    {
        var elapsed = snapshot.At - at;
        at = snapshot.Has(part) ? snapshot.At : null;
        return elapsed;
    }

    private void AddPipelines(Snapshot snapshot, TimeSpan? elapsed)
    {
        if (snapshot.Has(Outage.Engine))
        {
            foreach (var pipeline in snapshot.Pipelines)
            {
                _pipelines.GetOrAdd(pipeline.Name, _ => new PipelineHistory()).Add(snapshot.At, elapsed, pipeline);
            }

            Forget(_pipelines, [.. snapshot.Pipelines.Select(pipeline => pipeline.Name)]);
        }
    }

    private void AddTopics(Snapshot snapshot, TimeSpan? elapsed)
    {
        if (snapshot.Has(Outage.Store))
        {
            foreach (var topic in snapshot.Topics)
            {
                _topics.GetOrAdd(topic.Name, _ => new TopicHistory()).Add(snapshot.At, elapsed, topic.Bounds);
            }

            Forget(_topics, [.. snapshot.Topics.Select(topic => topic.Name)]);
        }
    }

    private void AddNodes(Snapshot snapshot)
    {
        if (snapshot.Has(Outage.Nodes))
        {
            var loads = snapshot.Nodes.Where(node => node.Load is not null).ToList();
            var rates = snapshot.Pipelines.SelectMany(pipeline => pipeline.Stages).SelectMany(stage => stage.Tasks)
                .ToLookup(task => task.Node, task => task.RecordsPerSecond);
            foreach (var node in loads)
            {
                _nodes.GetOrAdd(node.Name, _ => new NodeHistory()).Add(snapshot.At, node.Load!, rates[node.Name].Sum());
            }

            Whole.Add(
                snapshot.At,
                snapshot.Pipelines.Sum(pipeline => pipeline.RecordsPerSecond),
                loads.Sum(node => node.Load!.Cpu),
                loads.Sum(node => node.Load!.WorkingSetBytes));

            Forget(_nodes, [.. snapshot.Nodes.Select(node => node.Name)]);
        }
    }

    private static void Forget<T>(ConcurrentDictionary<string, T> histories, HashSet<string> kept)
    {
        foreach (var gone in histories.Keys.Where(name => !kept.Contains(name)))
        {
            histories.TryRemove(gone, out _);
        }
    }
}
