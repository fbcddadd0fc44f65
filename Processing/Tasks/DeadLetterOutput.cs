using System.Collections.ObjectModel;
using System.Globalization;
using Orleans.Pipeline.Sinks;
using Orleans.Pipeline.Topics;

namespace Orleans.Pipeline.Tasks;

/// <summary>Gathers failed records: the original key, value and headers, and then headers that describe the failure.</summary>
/// <param name="topic">The dead-letter topic.</param>
/// <param name="partitions">The number of its partitions.</param>
/// <param name="batchBytes">The bytes at which a batch is full.</param>
/// <param name="stacks">Bounds the stacks in the dead letters.</param>
/// <param name="timeProvider">The clock for the time when a record is given up.</param>
internal sealed class DeadLetterOutput(
    TopicName topic, int partitions, int batchBytes, ErrorStacks stacks, TimeProvider timeProvider) : SinkOutput
{
    private const int MaximumMessage = 2048;
    private const int MaximumName = 512;

    // A dead letter has no largest size: if it were refused, its record would stop the partition.
    private readonly PartitionedBatches _batches = new(topic, partitions, batchBytes, largest: Array.MaxLength);

    private Dictionary<DeadLetterCause, int>? _causes;

    public int Count { get; private set; }

    public IReadOnlyDictionary<DeadLetterCause, int> Causes =>
        (IReadOnlyDictionary<DeadLetterCause, int>?)_causes ?? ReadOnlyDictionary<DeadLetterCause, int>.Empty;

    public void Put(Exception error, StepContext context)
    {
        var cause = new DeadLetterCause(context.Step, error.GetType());
        IReadOnlyList<Header> headers =
        [
            .. context.Headers,
            Header.Text(DeadLetterHeaders.ErrorType, Cut(error.GetType().FullName ?? error.GetType().Name, MaximumName)),
            Header.Text(DeadLetterHeaders.ErrorMessage, Cut(error.Message ?? "", MaximumMessage)),
            Header.Text(DeadLetterHeaders.Step, Cut(context.Step, MaximumName)),
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

    /// <summary>Bounds a text, so that the headers of a dead letter fit into <see cref="RecordLimits.AddedBytes"/>.</summary>
    private static string Cut(string text, int most) => text.Length > most ? text[..most] : text;

    private void NoteCause(DeadLetterCause cause, int count)
    {
        _causes ??= [];
        _causes[cause] = _causes.GetValueOrDefault(cause) + count;
    }

    /// <summary>Returns the most bytes for a stack, so that a reader with the default limits does not refuse the dead letter.</summary>
    private static long RoomFor(IReadOnlyList<Header> headers, StepContext context) => headers.Count > RecordLimits.Default.Headers
        ? 0
        : RecordLimits.Default.RecordBytes - RecordBatchBuilder.MaximumRecordBytes(context.Key.Length, context.Value.Length, headers);

    private static IReadOnlyList<Header> ReplaysOf(StepContext context) => context.Replays == 0
        ? []
        : [Header.Text(DeadLetterHeaders.Replays, context.Replays.ToString(CultureInfo.InvariantCulture))];
}

internal readonly record struct DeadLetterCause(string Step, Type Error);
