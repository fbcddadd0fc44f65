using System.Collections.ObjectModel;
using System.Globalization;
using Orleans.Pipeline.Sinks;
using Orleans.Pipeline.Topics;

namespace Orleans.Pipeline.Tasks;

/// <summary>Gathers the records that failed: key, value and headers as they were, and headers that say what happened.</summary>
/// <param name="topic">The topic of dead letters.</param>
/// <param name="partitions">Its partitions.</param>
/// <param name="batchBytes">The bytes at which a batch is full.</param>
/// <param name="stacks">The stacks that they keep.</param>
/// <param name="timeProvider">Tells when a record was given up.</param>
internal sealed class DeadLetterOutput(
    TopicName topic, int partitions, int batchBytes, ErrorStacks stacks, TimeProvider timeProvider) : SinkOutput
{
    private const int MaximumMessage = 2048;

    // However large a record was let in, its dead letter must be too, or it would stop its partition.
    private readonly PartitionedBatches _batches = new(topic, partitions, batchBytes, largest: Array.MaxLength);

    private Dictionary<DeadLetterCause, int>? _causes;

    public int Count { get; private set; }

    /// <summary>Why the records failed, and how many for each cause.</summary>
    public IReadOnlyDictionary<DeadLetterCause, int> Causes =>
        (IReadOnlyDictionary<DeadLetterCause, int>?)_causes ?? ReadOnlyDictionary<DeadLetterCause, int>.Empty;

    public void Put(Exception error, StepContext context)
    {
        var cause = new DeadLetterCause(context.Step, error.GetType());
        var message = error.Message ?? "";
        IReadOnlyList<Header> headers =
        [
            .. context.Headers,
            Header.Text(DeadLetterHeaders.ErrorType, error.GetType().FullName ?? error.GetType().Name),
            Header.Text(DeadLetterHeaders.ErrorMessage, message.Length > MaximumMessage ? message[..MaximumMessage] : message),
            Header.Text(DeadLetterHeaders.Step, context.Step),
            Header.Text(DeadLetterHeaders.Attempts, context.Attempt.ToString(CultureInfo.InvariantCulture)),
            Header.Text(DeadLetterHeaders.Pipeline, context.Task.Pipeline),
            Header.Text(DeadLetterHeaders.Stage, context.Task.Stage),
            Header.Text(DeadLetterHeaders.Topic, context.Source.Topic.Value),
            Header.Text(DeadLetterHeaders.Partition, context.Source.Partition.ToString(CultureInfo.InvariantCulture)),
            Header.Text(DeadLetterHeaders.Offset, context.Offset.ToString(CultureInfo.InvariantCulture)),
            Header.Text(DeadLetterHeaders.Timestamp, context.TimestampMs.ToString(CultureInfo.InvariantCulture)),
        ];
        var replays = ReplaysOf(context);
        var stack = stacks.Take(error, cause, RoomFor([.. headers, new(DeadLetterHeaders.ErrorStack, null), .. replays], context));
        _batches.Put(
            context.Source.Partition % partitions,
            context.Key.Span,
            context.HasKey,
            context.Value.Span,
            context.HasValue,
            timeProvider.GetUtcNow().ToUnixTimeMilliseconds(),
            stack is null ? [.. headers, .. replays] : [.. headers, new(DeadLetterHeaders.ErrorStack, stack), .. replays]);
        _batches.Keep();
        NoteCause(cause, 1);
        Count++;
    }

    public override void Accept()
    {
    }

    public override void Discard()
    {
    }

    public override void Append(SinkOutput later)
    {
        var other = (DeadLetterOutput)later;
        _batches.Append(other._batches);
        Count += other.Count;
        foreach (var (cause, count) in other.Causes)
        {
            NoteCause(cause, count);
        }
    }

    public override void AddTo(List<TopicAppend> appends, List<TableWrite> tables) => _batches.AddTo(appends);

    private void NoteCause(DeadLetterCause cause, int count)
    {
        _causes ??= [];
        _causes[cause] = _causes.GetValueOrDefault(cause) + count;
    }

    /// <summary>How large a stack may be, so that nobody who reads with the default limits refuses a dead letter for its sake.</summary>
    private static long RoomFor(IReadOnlyList<Header> headers, StepContext context) => headers.Count > RecordLimits.Default.Headers
        ? 0
        : RecordLimits.Default.RecordBytes - RecordBatchBuilder.MaximumRecordBytes(context.Key.Length, context.Value.Length, headers);

    private static IReadOnlyList<Header> ReplaysOf(StepContext context) => context.Replays == 0
        ? []
        : [Header.Text(DeadLetterHeaders.Replays, context.Replays.ToString(CultureInfo.InvariantCulture))];
}

/// <summary>Why a record became a dead letter.</summary>
/// <param name="Step">The step that failed.</param>
/// <param name="Error">The type of its error.</param>
internal readonly record struct DeadLetterCause(string Step, Type Error);
