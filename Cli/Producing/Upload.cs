using Orleans.Pipeline.Cli.Invocation;
using Orleans.Pipeline.Client;

namespace Orleans.Pipeline.Cli.Producing;

/// <summary>Sends the lines of an input to a topic, and knows at every moment how far it has come.</summary>
/// <param name="lines">The lines.</param>
/// <param name="records">What makes records of them.</param>
/// <param name="producer">The producer.</param>
internal sealed class Upload(InputLines lines, ILineRecords records, Producer producer)
{
    private const long PendingBytes = 64 << 20;

    private readonly PendingSends _pending = new(PendingBytes);
    private long _lines;
    private long _records;
    private long _bytes;
    private long _badLines;

    /// <summary>The first line to send.</summary>
    public long FromLine { get; init; } = 1;

    /// <summary>The headers of every record.</summary>
    public IReadOnlyList<Header> Headers { get; init; } = [];

    /// <summary>The partition of every record; null to choose by key.</summary>
    public int? Partition { get; init; }

    /// <summary>What knows which records were sent by an earlier run; null for none.</summary>
    public Resumption? Resumption { get; init; }

    /// <summary>Told of each bad line that is passed over, with its number and what is wrong; null to stop at the first.</summary>
    public Action<long, string>? Skip { get; init; }

    /// <summary>How many lines were read.</summary>
    public long Lines => Volatile.Read(ref _lines);

    /// <summary>How many records were sent.</summary>
    public long Records => Volatile.Read(ref _records);

    /// <summary>Bytes of the values that were sent.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>How many records were acknowledged.</summary>
    public long Acknowledged => _pending.Acknowledged;

    /// <summary>The last line, which was not sent because it had no end; null for none.</summary>
    public long? UnendedLine => lines.UnendedLine;

    /// <summary>How many bad lines were passed over.</summary>
    public long BadLines => Volatile.Read(ref _badLines);

    /// <summary>The last line of which is known that it, and every line before it, needs not to be sent again.</summary>
    public long DurableLines => (_pending.FailedLine - 1) ?? Math.Max(Lines, FromLine - 1);

    /// <summary>Why the upload ended before the input did; null if it did not.</summary>
    public string? Fault { get; private set; }

    /// <summary>What a delivery failed by; null if none did.</summary>
    public Exception? DeliveryFailure => _pending.Failure;

    /// <summary>
    /// Sends until the input ends, a line is bad, a delivery fails, or it is cancelled; what was sent is waited for in any case.
    /// </summary>
    /// <param name="stopping">Told that it was cancelled and waits for what is on its way.</param>
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

    /// <summary>Sends the line taken last.</summary>
    /// <returns>Whether to go on.</returns>
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
        Volatile.Write(ref _bytes, _bytes + record.Value.Length);
    }
}
