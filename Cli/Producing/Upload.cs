using Orleans.Pipeline.Cli.Invocation;
using Orleans.Pipeline.Client;

namespace Orleans.Pipeline.Cli.Producing;

/// <summary>Sends the lines of an input to a topic, and reports its progress at any moment.</summary>
internal sealed class Upload(InputLines lines, ILineRecords records, Producer producer)
{
    private const long PendingBytes = 64 << 20;

    private readonly PendingSends _pending = new(PendingBytes);
    private long _lines;
    private long _records;
    private long _bytes;
    private long _badLines;
    private long _timesBefore1980;

    public long FromLine { get; init; } = 1;

    public IReadOnlyList<Header> Headers { get; init; } = [];

    /// <summary>The partition of every record; null to choose by key.</summary>
    public int? Partition { get; init; }

    /// <summary>The continuation of an earlier run; null for none.</summary>
    public Resumption? Resumption { get; init; }

    /// <summary>Called for each skipped bad line with its number and fault; null to stop at the first bad line.</summary>
    public Action<long, string>? Skip { get; init; }

    public long Lines => Volatile.Read(ref _lines);

    public long Records => Volatile.Read(ref _records);

    /// <summary>Bytes of the sent values.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    public long Acknowledged => _pending.Acknowledged;

    /// <summary>The last line, which was not sent because it had no end; null for none.</summary>
    public long? UnendedLine => lines.UnendedLine;

    public long BadLines => Volatile.Read(ref _badLines);

    /// <summary>The number of records sent whose time is before 1980.</summary>
    public long TimesBefore1980 => Volatile.Read(ref _timesBefore1980);

    /// <summary>The last line up to which every line is known to be durable.</summary>
    public long DurableLines => (_pending.FailedLine - 1) ?? Math.Max(Lines, FromLine - 1);

    /// <summary>Why the upload ended early; null if it did not.</summary>
    public string? Fault { get; private set; }

    /// <summary>The error of a failed delivery; null for none.</summary>
    public Exception? DeliveryFailure => _pending.Failure;

    /// <summary>
    /// Sends until the input ends, a line is bad, a delivery fails, or reading is cancelled. Always waits for the sent records.
    /// </summary>
    /// <param name="stopping">Called after a cancellation, before the wait for the sent records.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public async Task RunAsync(Action stopping, CancellationToken cancellationToken)
    {
        try
        {
            while (_pending.Failure is null && await lines.NextAsync(cancellationToken))
            {
                if (lines.Number >= FromLine && !TrySend())
                {
                    break;
                }

                Volatile.Write(ref _lines, lines.Number);
                await _pending.MakeRoomAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            stopping();
        }
        catch (Exception fault) when (fault is IOException or InvalidDataException or FailedException)
        {
            Fault = $"The input cannot be read after line {lines.Number}: {fault.Message}";
        }

        var flush = producer.FlushAsync(CancellationToken.None);
        await _pending.SettleAsync();
        await flush;
        if (_pending.Failure is { } failure)
        {
            Fault = $"Line {_pending.FailedLine} could not be delivered: {failure.Message}";
        }
    }

    /// <summary>Sends the current line.</summary>
    /// <returns>Whether to continue.</returns>
    private bool TrySend()
    {
        try
        {
            if (records.Make(lines.Line) is { } record)
            {
                Send(record);
            }

            return true;
        }
        catch (Exception bad) when (bad is BadLineException or InvalidRecordBatchException)
        {
            if (Skip is null)
            {
                Fault = $"Line {lines.Number} is no record: {bad.Message}";
                return false;
            }

            Interlocked.Increment(ref _badLines);
            Skip(lines.Number, bad.Message);
            return true;
        }
    }

    private void Send(ProducerRecord record)
    {
        record =
            record with { Headers = Headers.Count == 0 ? record.Headers : [.. record.Headers ?? [], .. Headers], Partition = Partition };
        if (Resumption is not null)
        {
            record = record with { Partition = Resumption.PartitionOf(record, lines.Number) };
            if (Resumption.TrySkip(record.Partition.Value))
            {
                return;
            }
        }

        _pending.Add(lines.Number, record.Key.Length + record.Value.Length, producer.SendAsync(record, CancellationToken.None));
        Volatile.Write(ref _records, _records + 1);
        if (record.Timestamp is { } time && RecordTime.IsBefore1980(time))
        {
            Volatile.Write(ref _timesBefore1980, _timesBefore1980 + 1);
        }

        Volatile.Write(ref _bytes, _bytes + record.Value.Length);
    }
}
