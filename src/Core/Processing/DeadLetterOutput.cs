using System.Globalization;
using Orleans.Pipeline.Checkpoints;
using Orleans.Pipeline.Pipelines;
using Orleans.Pipeline.Records;
using Orleans.Pipeline.Sinks;
using Orleans.Pipeline.Topics;

namespace Orleans.Pipeline.Processing;

/// <summary>Gathers the records that failed: key, value and headers as they were, and headers that say what happened.</summary>
internal sealed class DeadLetterOutput(TopicName topic, int partitions, int batchBytes) : SinkOutput
{
    private const int LongestMessage = 2048;

    private readonly PartitionedBatches _batches = new(topic, partitions, batchBytes);

    public int Count { get; private set; }

    public void Put(Exception error, StepContext context)
    {
        var message = error.Message.Length > LongestMessage ? error.Message[..LongestMessage] : error.Message;
        IReadOnlyList<Header> headers =
        [
            .. context.Headers,
            Header.Text(DeadLetterHeaders.ErrorType, error.GetType().FullName ?? error.GetType().Name),
            Header.Text(DeadLetterHeaders.ErrorMessage, message),
            Header.Text(DeadLetterHeaders.Step, context.Step),
            Header.Text(DeadLetterHeaders.Attempts, context.Attempt.ToString(CultureInfo.InvariantCulture)),
            Header.Text(DeadLetterHeaders.Pipeline, context.Task.Pipeline),
            Header.Text(DeadLetterHeaders.Stage, context.Task.Stage),
            Header.Text(DeadLetterHeaders.Topic, context.Source.Topic.Value),
            Header.Text(DeadLetterHeaders.Partition, context.Source.Partition.ToString(CultureInfo.InvariantCulture)),
            Header.Text(DeadLetterHeaders.Offset, context.Offset.ToString(CultureInfo.InvariantCulture)),
        ];
        var value = !context.HasValue ? default : context.Value.IsEmpty ? [] : context.Value.Span;
        _batches.Put(context.Source.Partition % partitions, context.Key.Span, context.HasKey, value, context.TimestampMs, headers);
        _batches.Keep();
        Count++;
    }

    public override void Keep()
    {
    }

    public override void Forget()
    {
    }

    public override void Append(SinkOutput later)
    {
        var other = (DeadLetterOutput)later;
        _batches.Append(other._batches);
        Count += other.Count;
    }

    public override void AddTo(List<TopicAppend> appends, List<TableWrite> tables) => _batches.AddTo(appends);
}
