using Orleans.Pipeline.Tasks;

namespace Orleans.Pipeline.Grains.Assignments;

/// <summary>The topics that this silo knows of and how many partitions each has, which never changes.</summary>
internal sealed class ClusterTopics(PipelineCatalog catalog, ITopicStore store, ICheckpointStore checkpoints)
{
    private volatile Dictionary<TopicName, int> _partitions = [];

    public IEnumerable<TopicPartition> Partitions => _partitions.SelectMany(
        topic => Enumerable.Range(0, topic.Value), (topic, partition) => new TopicPartition(topic.Key, partition));

    public int PartitionsOf(TopicName topic) => _partitions[topic];

    public bool Contains(TopicName topic) => _partitions.ContainsKey(topic);

    /// <summary>Creates what the pipelines need and does not exist yet, and learns of every topic there is.</summary>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await PipelineResources.PrepareAsync(catalog.Pipelines, store, checkpoints, cancellationToken);
        await RefreshAsync(cancellationToken);
    }

    /// <summary>Learns of topics created since; the answer is whether there were any.</summary>
    public async Task<bool> RefreshAsync(CancellationToken cancellationToken)
    {
        var found = (await store.ListTopicsAsync(cancellationToken)).ToDictionary(topic => topic.Topic, topic => topic.Settings.Partitions);
        var known = _partitions;
        _partitions = found;
        return found.Count != known.Count || found.Keys.Any(topic => !known.ContainsKey(topic));
    }
}
