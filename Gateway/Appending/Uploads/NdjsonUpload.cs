using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Orleans.Pipeline.Gateway.Problems;
using Orleans.Pipeline.Records;
using Orleans.Pipeline.Wire;

namespace Orleans.Pipeline.Gateway.Appending.Uploads;

/// <summary>One upload: reads lines as they arrive, and appends them round by round.</summary>
/// <remarks>
/// <code>
///   body ──▶ lines ──▶ gathered round ──(full)──▶ round on its way ──▶ log
/// </code>
/// 1. A line is checked, routed and gathered. 2. A full round waits until the round on its way is appended. Then it is admitted and sent,
/// and the next round is gathered meanwhile. So at most two rounds are in memory, and a slow log slows the client down. 3. The first round
/// of a body that declares its length is sent only when it is full or the body has ended, so a short body is appended whole or not at all.
/// A body without a length may never end, so its lines wait at most as long as a setting says. 4. All lines before the oldest round that
/// is not yet appended are accepted.
/// </remarks>
internal sealed class NdjsonUpload
{
    private readonly UploadTarget _target;
    private readonly TopicDescription _topic;
    private readonly int _firstPartition;
    private readonly UploadProducer? _producer;
    private readonly UploadContext _around;
    private readonly UploadMemory _memory;
    private readonly NdjsonLines _lines;
    private readonly SortedDictionary<int, AppendedRangeBody> _ranges = [];
    private readonly TimeSpan? _linger;
    private long _timestamp;
    private long _gatheredSince;
    private byte[] _joined = [];
    private PartitionedRecords _gathered;
    private PartitionedRecords _sent;
    private Task<IReadOnlyList<AppendedRangeBody>>? _appending;
    private bool _hasBegun;

    public NdjsonUpload(
        UploadTarget target, TopicDescription topic, int firstPartition, UploadProducer? producer, UploadMemory memory,
            UploadContext around, bool hasLength)
    {
        (_target, _topic, _firstPartition, _producer, _memory, _around) = (target, topic, firstPartition, producer, memory, around);
        var pool = new RecordBatchBuilderPool(maximumBytes: 2L * around.Settings.Limits.UploadBufferBytes);
        _gathered = new(topic, around.Settings.Limits.Records, pool, producer);
        _sent = new(topic, around.Settings.Limits.Records, pool, producer);
        _lines = new(_gathered.RecordLimit);
        _linger = hasLength ? null : around.Settings.Limits.UploadLinger;
    }

    /// <summary>Whether lines are in the log or were sent to it. From then on an error leaves the upload half done.</summary>
    private bool HasBegun => _hasBegun || _producer is { Skipped: > 0 };

    /// <summary>The number of lines, from the first, that are all in the log.</summary>
    private long AcceptedLines => _appending is not null ? _sent.FirstNumber - 1
        : _gathered.Count > 0 ? _gathered.FirstNumber - 1
        : _lines.Number;

    /// <summary>How long the oldest line that was gathered may still wait; null if no line has to be sent in time.</summary>
    private TimeSpan? Patience => _gathered.Count == 0 ? null : _linger - _around.Time.GetElapsedTime(_gatheredSince);

    /// <summary>Appends every line.</summary>
    /// <exception cref="InvalidLineException">
    /// A line is not a record. The lines before it were appended, unless it is in the first round.
    /// </exception>
    /// <exception cref="InterruptedUploadException">Another error occurred after lines were sent to the log.</exception>
    public async Task<AppendedRecordsBody> TakeAsync(PipeReader body, CancellationToken cancellationToken)
    {
        try
        {
            await ReadAsync(body, cancellationToken);
            await SendAsync(cancellationToken);
            await SettleAsync();
        }
        catch (InvalidRecordException refused)
        {
            throw await RefuseAsync(refused, cancellationToken);
        }
        catch (Exception failure) when (failure is PipelineException or BadHttpRequestException)
        {
            throw await InterruptAsync(failure);
        }

        return new(_ranges.Values.Sum(range => range.Records), [.. _ranges.Values]) { Skipped = _producer?.Skipped };
    }

    private async Task ReadAsync(PipeReader body, CancellationToken cancellationToken)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _around.Stopping);
        var arrivals = new UploadArrivals(body, _around);
        try
        {
            for (var isCompleted = false; !isCompleted;)
            {
                if (await ReadSomeAsync(arrivals, ends.Token, cancellationToken) is { } arrived)
                {
                    await TakeAsync(arrivals, arrived, cancellationToken);
                    isCompleted = arrived.IsCompleted;
                }

                if (Patience <= TimeSpan.Zero)
                {
                    await SendAsync(cancellationToken);
                    arrivals.Resume();
                }
            }
        }
        finally
        {
            await ends.CancelAsync();
            await arrivals.EndAsync();
        }
    }

    private async ValueTask TakeAsync(UploadArrivals arrivals, ReadResult arrived, CancellationToken cancellationToken)
    {
        _timestamp = _around.Time.GetUtcNow().ToUnixTimeMilliseconds();
        var rest = arrived.Buffer;
        var first = _lines.Number;
        try
        {
            while (_lines.TryTake(ref rest, arrived.IsCompleted, out var line))
            {
                Gather(line);
                if (_gathered.Bytes >= _around.Settings.Limits.UploadBufferBytes)
                {
                    await SendAsync(cancellationToken);
                }
            }
        }
        finally
        {
            arrivals.AdvanceTo(rest.Start, rest.End, rest.Length, hasLine: _lines.Number > first);
        }
    }

    private async ValueTask<ReadResult?> ReadSomeAsync(UploadArrivals arrivals, CancellationToken ends, CancellationToken aborted)
    {
        try
        {
            return await arrivals.ReadAsync(Patience, ends);
        }
        catch (OperationCanceledException) when (_around.Stopping.IsCancellationRequested && !aborted.IsCancellationRequested)
        {
            throw new HostStoppingException();
        }
        catch (InvalidDataException)
        {
            throw new InvalidRequestException($"The body is not valid gzip: after line {_lines.Number} it is damaged, truncated, or "
                + $"followed by other bytes.");
        }
    }

    private void Gather(in ReadOnlySequence<byte> line)
    {
        var value = Join(line).TrimEnd((byte)'\r');
        value = _lines.Number == 1 ? ByteOrderMark.SkipIn(value) : value;
        if (value.Trim(" \t"u8).IsEmpty)
        {
            return;
        }

        if (_gathered.Count == 0)
        {
            _gatheredSince = _around.Time.GetTimestamp();
        }

        var key = NdjsonKey.Of(value, _target.KeyField, _lines.Position);
        var keyless = KeylessPartitions.Of(_firstPartition, _lines.Number - 1, _topic);
        _gathered.Add(_lines.Position, key, value, _timestamp, headers: null, _target.Partition, keyless);
        _memory.Cover(_gathered.Bytes + _sent.Bytes);
    }

    private ReadOnlySpan<byte> Join(in ReadOnlySequence<byte> line)
    {
        if (line.IsSingleSegment)
        {
            return line.FirstSpan;
        }

        if (_joined.Length < line.Length)
        {
            _joined = GC.AllocateUninitializedArray<byte>((int)Math.Max(line.Length, 2L * _joined.Length));
        }

        line.CopyTo(_joined);
        return _joined.AsSpan(0, (int)line.Length);
    }

    /// <summary>Sends the gathered round, after the one in flight.</summary>
    private async ValueTask SendAsync(CancellationToken cancellationToken)
    {
        await SettleAsync();
        if (_gathered.Count == 0)
        {
            return;
        }

        await _around.AdmitAsync(_topic.Topic, isPatient: HasBegun, cancellationToken);
        _hasBegun = true;
        (_gathered, _sent) = (_sent, _gathered);
        _appending = _sent.AppendAsync(_around.Store, cancellationToken);
    }

    /// <summary>Waits until no round is in flight.</summary>
    private async ValueTask SettleAsync()
    {
        if (_appending is null)
        {
            return;
        }

        foreach (var range in await _appending)
        {
            _ranges[range.Partition] = _ranges.TryGetValue(range.Partition, out var before) ? before.Through(range) : range;
        }

        _appending = null;
        _sent.Clear();
    }

    /// <summary>Ends the upload at a line that is not a record. If the upload has begun, appends the lines before it.</summary>
    private async Task<Exception> RefuseAsync(InvalidRecordException refused, CancellationToken cancellationToken)
    {
        if (!HasBegun)
        {
            return new InvalidLineException(refused, acceptedLines: 0, _target.Name);
        }

        try
        {
            await SendAsync(cancellationToken);
            await SettleAsync();
            return new InvalidLineException(refused, _lines.Number - 1, _target.Name);
        }
        catch (PipelineException failure)
        {
            return await InterruptAsync(failure);
        }
    }

    /// <summary>Ends the upload for another reason, when no round is in flight any more.</summary>
    private async Task<Exception> InterruptAsync(Exception failure)
    {
        try
        {
            await SettleAsync();
        }
        catch (PipelineException)
        {
            // The round in flight failed too. Its lines do not count as accepted, and the first failure is reported.
        }

        return HasBegun ? new InterruptedUploadException(failure, AcceptedLines, _target.Name) : failure;
    }
}
