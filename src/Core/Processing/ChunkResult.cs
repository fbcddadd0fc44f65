using Orleans.Pipeline.Checkpoints;
using Orleans.Pipeline.Sinks;

namespace Orleans.Pipeline.Processing;

/// <summary>What a worker made of a chunk: outputs for every sink, in offset order, and dead letters.</summary>
public sealed class ChunkResult
{
    private readonly SinkOutput[] _outputs;

    internal ChunkResult(SinkOutput[] outputs, int deadLetters, int retries)
    {
        _outputs = outputs;
        DeadLetters = deadLetters;
        Retries = retries;
    }

    /// <summary>How many of the records became dead letters.</summary>
    public int DeadLetters { get; private set; }

    /// <summary>How often records of it were tried again.</summary>
    internal int Retries { get; private set; }

    internal void Append(ChunkResult later)
    {
        for (var index = 0; index < _outputs.Length; index++)
        {
            _outputs[index].Append(later._outputs[index]);
        }

        DeadLetters += later.DeadLetters;
        Retries += later.Retries;
    }

    internal async ValueTask DeliverAsync(TaskId task, long firstOffset, long nextOffset, CancellationToken cancellationToken)
    {
        foreach (var output in _outputs)
        {
            await output.DeliverAsync(task, firstOffset, nextOffset, cancellationToken);
        }
    }

    internal Commit ToCommit(TaskId task, long epoch, long firstOffset, long nextOffset)
    {
        var appends = new List<TopicAppend>();
        var tables = new List<TableWrite>();
        foreach (var output in _outputs)
        {
            output.AddTo(appends, tables);
        }

        return new Commit(task, epoch, firstOffset, nextOffset, appends, tables, DeadLetters);
    }
}
