using Orleans.Pipeline.Sinks;

namespace Orleans.Pipeline.Tasks;

/// <summary>A worker's result for a chunk: outputs for every sink, in offset order, and dead letters.</summary>
internal sealed class ChunkResult
{
    private readonly SinkOutput[] _outputs;

    internal ChunkResult(SinkOutput[] outputs, int deadLetters, int retries)
    {
        _outputs = outputs;
        DeadLetters = deadLetters;
        Retries = retries;
    }

    public int DeadLetters { get; private set; }

    internal IReadOnlyDictionary<DeadLetterCause, int> Causes => ((DeadLetterOutput)_outputs[^1]).Causes;

    internal bool IsDelivered => _outputs.Any(output => output.Delivered > 0);

    internal int Retries { get; private set; }

    /// <summary>How long its values for sinks outside the database wait for more; null if they do not.</summary>
    internal DeliveryPace? Pace => _outputs.Aggregate((DeliveryPace?)null, (pace, output) => DeliveryPace.Join(pace, output.Pace));

    internal void Append(ChunkResult later)
    {
        for (var index = 0; index < _outputs.Length; index++)
        {
            _outputs[index].Append(later._outputs[index]);
        }

        DeadLetters += later.DeadLetters;
        Retries += later.Retries;
    }

    /// <summary>Opens the sinks that it was delivered to again, so that they drop what they have from an offset on.</summary>
    internal async ValueTask ReopenAsync(TaskId task, long firstOffset, CancellationToken cancellationToken)
    {
        foreach (var output in _outputs)
        {
            await output.ReopenAsync(task, firstOffset, cancellationToken);
        }
    }

    internal async ValueTask DeliverAsync(TaskId task, long firstOffset, long nextOffset, CancellationToken cancellationToken)
    {
        foreach (var output in _outputs)
        {
            await output.DeliverAsync(task, firstOffset, nextOffset, cancellationToken);
        }
    }

    internal (Commit Commit, IReadOnlyList<SinkVolume> Written) ToCommit(TaskId task, long epoch, long firstOffset, long nextOffset)
    {
        var appends = new List<TopicAppend>();
        var tables = new List<TableWrite>();
        var written = new SinkVolume[_outputs.Length - 1];
        for (var index = 0; index < _outputs.Length; index++)
        {
            var (firstAppend, firstTable) = (appends.Count, tables.Count);
            _outputs[index].AddTo(appends, tables);
            if (index < written.Length)
            {
                written[index] = SinkVolume.Of(_outputs[index], appends, firstAppend, tables, firstTable);
            }
        }

        return (new Commit(task, epoch, firstOffset, nextOffset, appends, tables, DeadLetters), written);
    }
}
