using Orleans.Pipeline.Tasks;

namespace Orleans.Pipeline.Grains.Assignments;

/// <summary>The topics that this silo knows, with their numbers of partitions. A topic's number never changes.</summary>
internal sealed class ClusterTopics(PipelineCatalog catalog, ITopicStore store, ICheckpointStore checkpoints)
{
    private volatile Dictionary<TopicName, int> _partitions = [];

    public IEnumerable<TopicPartition> Partitions => _partitions.SelectMany(
        topic => Enumerable.Range(0, topic.Value), (topic, partition) => new TopicPartition(topic.Key, partition));

    public int PartitionsOf(TopicName topic) => _partitions[topic];

    public bool Contains(TopicName topic) => _partitions.ContainsKey(topic);

    /// <summary>Creates what the pipelines need and is missing, and loads all topics.</summary>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await PipelineResources.PrepareAsync(catalog.Pipelines, store, checkpoints, cancellationToken);
        await RefreshAsync(cancellationToken);
    }

    /// <summary>Loads topics created since the last load. Returns whether there were any.</summary>
    public async Task<bool> RefreshAsync(CancellationToken cancellationToken)
    {
        var found = (await store.ListTopicsAsync(cancellationToken)).ToDictionary(topic => topic.Topic, topic => topic.Settings.Partitions);
        var known = _partitions;
        _partitions = found;
        return found.Count != known.Count || found.Keys.Any(topic => !known.ContainsKey(topic));
    }
}
