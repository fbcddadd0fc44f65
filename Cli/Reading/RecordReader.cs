using Orleans.Pipeline.Cli.Invocation;
using Orleans.Pipeline.Cli.Output;
using Orleans.Pipeline.Cli.Values;
using Orleans.Pipeline.Client;

namespace Orleans.Pipeline.Cli.Reading;

/// <summary>Reads records and writes them to standard output as soon as they arrive.</summary>
internal sealed class RecordReader(CommandContext context, TopicName topic, RecordFormat format)
{
    /// <summary>How long to wait for an unavailable server. A tail waits for ever.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly CommandOutput _output = context.Output;

    /// <summary>The partitions to read; empty for all.</summary>
    public IReadOnlyList<int> Partitions { get; init; } = [];

    /// <summary>The maximum number of records; null for all.</summary>
    public long? Count { get; init; }

    /// <summary>Whether to stop at the current ends of the partitions.</summary>
    public bool StopsAtEnd { get; init; }

    /// <summary>The place to stop before; null for none.</summary>
    public Place? To { get; init; }

    /// <summary>Whether to wait for ever for an unavailable server.</summary>
    public bool IsPatient { get; init; }

    /// <summary>Reads from a place until done or cancelled, then prints the command that continues.</summary>
    public async Task ReadAsync(Place from, CancellationToken cancellationToken)
    {
        var details = await context.Client.Admin.DescribeTopicAsync(topic, cancellationToken);
        var settings = new ConsumerSettings
        {
            From = StartOf(from, details),
            Partitions = Partitions.Count > 0 ? Partitions : null,
            StopAtEnd = StopsAtEnd || To is not null,
            WhenOvertaken = WhenOvertaken.GoOn,
            RetryTimeout = IsPatient ? Timeout.InfiniteTimeSpan : context.Connection.Timeout ?? Patience,
        };
        var end = To is null ? null : await ReadEnd.FindAsync(To, details, WantedOf(details), context.Client.Topics, cancellationToken);
        await using var consumer = context.Client.CreateConsumer(topic, settings);
        consumer.Lost += lost => _output.Warn($"{NumberText.Of(lost.Count, "record")} of partition {lost.Partition.Partition} from offset {lost.Offset} on are gone: retention has removed them.");
        consumer.Retrying += TellOf;
        try
        {
            await WriteAllAsync(consumer, end, cancellationToken);
        }
        finally
        {
            _output.Flush();
            if (end is null && consumer.Positions is { Offsets.Count: > 0 } positions)
            {
                _output.Note($"Continue from here: pipeline topic read {topic} --from {positions}");
            }
        }
    }

    private async Task WriteAllAsync(Consumer consumer, ReadEnd? end, CancellationToken cancellationToken)
    {
        var read = 0L;
        await using var records = consumer.ReadAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        while ((Count is null || read < Count) && end is not { IsReached: true })
        {
            var next = records.MoveNextAsync();
            if (!next.IsCompleted)
            {
                // No more records for now, so the reader should see those written so far.
                _output.Flush();
            }

            if (!await next)
            {
                break;
            }

            if (end is null || !end.IsBehind(records.Current))
            {
                format.Write(records.Current, _output.Data);
                read++;
            }
        }
    }

    private IEnumerable<int> WantedOf(TopicDetails details)
    {
        var count = details.Partitions.Count;
        return Partitions.Count == 0
            ? Enumerable.Range(0, count)
            : Partitions.Select(partition => (uint)partition < (uint)count
                ? partition
                : throw new UnknownPartitionException(new(topic, partition), count));
    }

    private ConsumeFrom StartOf(Place from, TopicDetails details) => from.Kind switch
    {
        PlaceKind.Start => ConsumeFrom.Start,
        PlaceKind.End => ConsumeFrom.End,
        PlaceKind.Time => ConsumeFrom.Time(from.Time),
        PlaceKind.Positions => ConsumeFrom.Positions(from.Positions),
        PlaceKind.BeforeEnd => ConsumeFrom.Offsets(Each(details, bounds => Math.Max(bounds.Start, bounds.End - from.Offset))),
        _ when Partitions is [var only] && only < details.Partitions.Count && from.Offset > details.Partitions[only].End =>
            throw new OffsetOutOfRangeException(
                new(topic, only), from.Offset, details.Partitions[only].Start, details.Partitions[only].End),
        _ => ConsumeFrom.Offsets(Each(details, bounds => Math.Min(from.Offset, bounds.End))),
    };

    private static Dictionary<int, long> Each(TopicDetails details, Func<PartitionBounds, long> offset) => details.Partitions
        .Select((bounds, partition) => (Partition: partition, Offset: offset(bounds)))
        .ToDictionary(place => place.Partition, place => place.Offset);

    private void TellOf(ConsumerRetry retry)
    {
        if (retry.Failures == 1)
        {
            _output.Warn($"{retry.Error.Message} Trying again …");
        }
    }
}
