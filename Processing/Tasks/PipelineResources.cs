namespace Orleans.Pipeline.Tasks;

/// <summary>The topics and tables that pipelines need, created or found in the store. Both engines prepare them first.</summary>
internal sealed class PipelineResources
{
    private readonly Dictionary<TopicName, int> _partitions = [];

    private PipelineResources()
    {
    }

    /// <summary>
    /// Creates every topic and table of the pipelines that does not exist yet: sources, outputs and dead-letter topics. Repeated calls,
    /// also in several processes at once, change nothing more.
    /// </summary>
    /// <param name="pipelines">The pipelines.</param>
    /// <param name="log">The log.</param>
    /// <param name="checkpoints">The store of the tables.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="TopicExistsException">A topic has another number of partitions than its definition says.</exception>
    /// <exception cref="TableMismatchException">A table has other columns than its definition says.</exception>
    public static async ValueTask<PipelineResources> PrepareAsync(
        IEnumerable<PipelineDefinition> pipelines,
        ITopicLog log,
        ICheckpointStore checkpoints,
        CancellationToken cancellationToken = default)
    {
        var topics = new PipelineResources();
        var stages = pipelines.SelectMany(pipeline => pipeline.Stages, (pipeline, stage) => (Pipeline: pipeline, Stage: stage)).ToList();
        foreach (var (topic, partitions) in stages.SelectMany(item => item.Stage.TopicPartitions))
        {
            var created = await log.CreateTopicAsync(topic, new TopicSettings { Partitions = partitions }, cancellationToken);
            topics._partitions[topic] = created.Settings.Partitions;
        }

        foreach (var (pipeline, stage) in stages)
        {
            var source = await topics.FindOrCreateAsync(stage.Source, new TopicSettings().Partitions, log, cancellationToken);
            foreach (var output in stage.Outputs.Append(pipeline.DeadLetters))
            {
                await topics.FindOrCreateAsync(output, source, log, cancellationToken);
            }

            foreach (var table in stage.Tables)
            {
                await checkpoints.PrepareTableAsync(table, cancellationToken);
            }
        }

        return topics;
    }

    public int PartitionsOf(TopicName topic) => _partitions[topic];

    private async ValueTask<int> FindOrCreateAsync(TopicName topic, int partitions, ITopicLog log, CancellationToken cancellationToken)
    {
        if (!_partitions.TryGetValue(topic, out var known))
        {
            var found = await log.FindTopicAsync(topic, cancellationToken)
                ?? await log.CreateTopicAsync(topic, new TopicSettings { Partitions = partitions }, cancellationToken);
            _partitions[topic] = known = found.Settings.Partitions;
        }

        return known;
    }
}
