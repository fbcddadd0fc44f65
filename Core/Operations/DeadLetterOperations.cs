using Orleans.Pipeline.Operations;

namespace Orleans.Pipeline;

/// <summary>
/// Lists the dead letters of pipelines, replays them once their cause is fixed, or discards them. Safe to use from many threads and
/// processes at once: each dead letter is replayed or discarded once.
/// </summary>
/// <remarks>
/// <para>
/// A replay appends the record to the partition that it was read from and marks the dead letter as settled, in one transaction for some
/// dead letters at a time. The record lands at the end of the partition, so it loses its place among the records of its key. Only the
/// stage that gave it up processes it again (see <see cref="DeadLetterHeaders"/>). A record that fails again becomes a dead letter again.
/// </para>
/// <para>
/// A pipeline that seeks back over a record and its replay processes both, because seeking back processes everything again.
/// </para>
/// <para>Every method may throw <see cref="StoreUnavailableException"/>: try again later.</para>
/// </remarks>
public sealed partial class DeadLetterOperations
{
    /// <summary>The most dead letters of a page.</summary>
    public const int MaximumPage = 1000;

    private const long PageBytes = 8 << 20;

    private readonly ITopicStore _store;
    private readonly Func<string, CancellationToken, ValueTask<PipelineStatus>> _getStatus;

    /// <summary>Creates the operations over a store and an engine.</summary>
    /// <param name="store">The store that holds the topics.</param>
    /// <param name="engine">The engine that runs the pipelines.</param>
    public DeadLetterOperations(ITopicStore store, IPipelineEngine engine)
        : this(store, engine.GetStatusAsync)
    {
    }

    /// <param name="store">The store that holds the topics.</param>
    /// <param name="getStatus">Gets the status of a pipeline by its name, as an engine does.</param>
    internal DeadLetterOperations(ITopicStore store, Func<string, CancellationToken, ValueTask<PipelineStatus>> getStatus) =>
        (_store, _getStatus) = (store, getStatus);

    /// <summary>Lists the dead letters of a pipeline that are not settled, by partition and offset.</summary>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="filter">Selects the dead letters; null for all.</param>
    /// <param name="after">The place to continue after, the <see cref="DeadLetterPage.Next"/> of the page before; null to begin.</param>
    /// <param name="limit">
    /// The most dead letters to list, 1 to <see cref="MaximumPage"/>; a page also ends after 8 MiB. Default 100.
    /// </param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="UnknownPipelineException">No such pipeline.</exception>
    /// <exception cref="UnknownPartitionException">The dead-letter topic has no such partition.</exception>
    public async ValueTask<DeadLetterPage> ListAsync(
        string pipeline,
        DeadLetterFilter? filter = null,
        DeadLetterPosition? after = null,
        int limit = 100,
        CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaximumPage);
        await _getStatus(pipeline, cancellationToken);
        var letters = new List<DeadLetter>();
        var bytes = 0L;
        foreach (var part in await PartsAsync(pipeline, filter ?? DeadLetterFilter.All, after, cancellationToken))
        {
            for (var offset = part.First; offset < part.End;)
            {
                var chunk = await part.Letters.ReadAsync(offset, part.End, cancellationToken);
                foreach (var letter in chunk.Letters.Where((filter ?? DeadLetterFilter.All).Fits))
                {
                    if (letters.Count == limit || bytes >= PageBytes)
                    {
                        return new(letters, letters[^1].Position);
                    }

                    letters.Add(Copy(letter));
                    bytes += (letter.ErrorStack?.Length ?? 0)
                        + (letter.Key?.Length ?? 0)
                        + (letter.Value?.Length ?? 0)
                        + letter.Headers.Sum(header => header.Name.Length + (header.Value?.Length ?? 0));
                }

                offset = chunk.NextOffset;
            }
        }

        return new(letters, null);
    }

    /// <summary>Groups the dead letters of a pipeline that are not settled by error type and step.</summary>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The groups, the most frequent first.</returns>
    /// <exception cref="UnknownPipelineException">No such pipeline.</exception>
    public async ValueTask<IReadOnlyList<DeadLetterError>> GroupErrorsAsync(string pipeline, CancellationToken cancellationToken = default)
    {
        await _getStatus(pipeline, cancellationToken);
        var errors = new Dictionary<(string ErrorType, string Step), DeadLetterError>();
        foreach (var part in await PartsAsync(pipeline, DeadLetterFilter.All, after: null, cancellationToken))
        {
            for (var offset = part.First; offset < part.End;)
            {
                var chunk = await part.Letters.ReadAsync(offset, part.End, cancellationToken);
                foreach (var letter in chunk.Letters)
                {
                    var key = (letter.ErrorType, letter.Step);
                    errors[key] = errors.TryGetValue(key, out var known) ? Add(known, letter) : Begin(letter);
                }

                offset = chunk.NextOffset;
            }
        }

        return [.. errors.Values
            .OrderByDescending(error => error.Count)
            .ThenBy(error => error.ErrorType, StringComparer.Ordinal).ThenBy(error => error.Step, StringComparer.Ordinal)];
    }

    /// <summary>Finds a dead letter.</summary>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="position">Its place in the pipeline's dead-letter topic.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The dead letter; null if there is none at that place, or none any more.</returns>
    /// <exception cref="UnknownPipelineException">No such pipeline.</exception>
    /// <exception cref="UnknownPartitionException">The dead-letter topic has no such partition.</exception>
    public async ValueTask<DeadLetter?> FindAsync(
        string pipeline, DeadLetterPosition position, CancellationToken cancellationToken = default)
    {
        var filter = new DeadLetterFilter { Partition = position.Partition, Offset = position.Offset };
        return (await ListAsync(pipeline, filter, after: null, limit: 1, cancellationToken)).DeadLetters.SingleOrDefault();
    }

    /// <summary>
    /// Replays the dead letters that exist at the time of the call. A record that fails again during the call is not replayed again.
    /// </summary>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="filter">Selects the dead letters.</param>
    /// <param name="cancellationToken">Stops between two transactions; what was replayed stays so.</param>
    /// <returns>The number replayed by this call, without those that another call settles meanwhile.</returns>
    /// <exception cref="ArgumentException">The filter has an offset without a partition.</exception>
    /// <exception cref="UnknownPipelineException">No such pipeline.</exception>
    /// <exception cref="UnknownPartitionException">The dead-letter topic has no such partition.</exception>
    /// <exception cref="UnknownDeadLetterException">The filter names one by its place, and there is none.</exception>
    /// <exception cref="RecordsSettledException">The filter names one by its place, and it is settled already.</exception>
    /// <exception cref="DeadLetterReplayException">
    /// A record would reach no stage: its stage or its topic is gone, or the topic has fewer partitions. That dead letter and those
    /// behind it were left as they are.
    /// </exception>
    public async ValueTask<long> ReplayAsync(string pipeline, DeadLetterFilter filter, CancellationToken cancellationToken = default)
    {
        var status = await _getStatus(pipeline, cancellationToken);
        var targets = new ReplayTargets(_store, status, TopicOf(pipeline));
        return await SettleAsync(
            pipeline, filter, (letters, settled) => targets.AppendsOfAsync(letters, settled, cancellationToken), cancellationToken);
    }

    /// <summary>Discards the dead letters that exist at the time of the call.</summary>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="filter">Selects the dead letters.</param>
    /// <param name="cancellationToken">Stops between two transactions; what was discarded stays so.</param>
    /// <returns>The number discarded by this call, without those that another call settles meanwhile.</returns>
    /// <exception cref="ArgumentException">The filter has an offset without a partition.</exception>
    /// <exception cref="UnknownPipelineException">No such pipeline.</exception>
    /// <exception cref="UnknownPartitionException">The dead-letter topic has no such partition.</exception>
    /// <exception cref="UnknownDeadLetterException">The filter names one by its place, and there is none.</exception>
    /// <exception cref="RecordsSettledException">The filter names one by its place, and it is settled already.</exception>
    public async ValueTask<long> DiscardAsync(string pipeline, DeadLetterFilter filter, CancellationToken cancellationToken = default)
    {
        await _getStatus(pipeline, cancellationToken);
        return await SettleAsync(pipeline, filter, static (_, _) => new([]), cancellationToken);
    }

    private static TopicName TopicOf(string pipeline) => new(pipeline + DeadLetter.TopicSuffix);

    private static DeadLetterError Begin(DeadLetter letter) =>
        new(letter.ErrorType, letter.Step, 1, letter.FailedAt, letter.FailedAt, letter.ErrorMessage);

    private static DeadLetterError Add(DeadLetterError error, DeadLetter letter) => error with
    {
        Count = error.Count + 1,
        First = letter.FailedAt < error.First ? letter.FailedAt : error.First,
        Last = letter.FailedAt < error.Last ? error.Last : letter.FailedAt,
        Message = letter.FailedAt < error.Last ? error.Message : letter.ErrorMessage,
    };

    /// <summary>Copies a dead letter out of its batch, so that the batch's memory can be freed.</summary>
    private static DeadLetter Copy(DeadLetter letter) => letter with
    {
        Key = Copy(letter.Key),
        Value = Copy(letter.Value),
        Headers = [.. letter.Headers.Select(header => header with { Value = Copy(header.Value) })],
    };

    private static ReadOnlyMemory<byte>? Copy(ReadOnlyMemory<byte>? bytes) =>
        bytes is { } present ? (ReadOnlyMemory<byte>?)present.ToArray() : null;

    /// <summary>Returns the ranges of the dead-letter topic to read, up to its present end; none if the topic does not exist yet.</summary>
    private async ValueTask<List<Part>> PartsAsync(
        string pipeline, DeadLetterFilter filter, DeadLetterPosition? after, CancellationToken cancellationToken)
    {
        filter.Validate();
        var topic = TopicOf(pipeline);
        if (await _store.FindTopicAsync(topic, cancellationToken) is null)
        {
            return [];
        }

        var bounds = await _store.GetTopicBoundsAsync(topic, cancellationToken);
        if (filter.Partition is { } given && (uint)given >= (uint)bounds.Count)
        {
            throw new UnknownPartitionException(new(topic, given), bounds.Count);
        }

        var parts = new List<Part>();
        for (var partition = after?.Partition ?? 0; partition < bounds.Count; partition++)
        {
            if ((filter.Partition ?? partition) == partition)
            {
                var (start, end) = (bounds[partition].Start, bounds[partition].End);
                var first = Math.Max(start, partition == after?.Partition ? Math.Min(after.Value.Offset, end) + 1 : start);
                var whole = new Part(new(_store, pipeline, new(topic, partition)), new(topic, partition), first, end);
                parts.Add(filter.Offset is { } offset
                    ? whole with { First = Math.Max(first, offset), End = Math.Min(whole.End, offset + 1) }
                    : whole);
            }
        }

        return parts;
    }

    private readonly record struct Part(UnsettledLetters Letters, TopicPartition Partition, long First, long End);
}
