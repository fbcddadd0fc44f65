using Microsoft.Extensions.Time.Testing;

namespace Orleans.Pipeline.Client.Tests.Simulation;

/// <summary>
/// One run of a reader that stops and continues in every possible way, over a <see cref="SimulatedTopic"/> that is appended to and
/// trimmed meanwhile, on one thread, in an order drawn from a seed. In the end everything must have been handed out once, in order,
/// but for what was reported as lost.
/// </summary>
internal sealed class ConsumerSimulation
{
    private const int MaximumSteps = 200_000;
    private static readonly TopicName Topic = new("orders");
    private static readonly TimeSpan InitialBackoff = TimeSpan.FromMilliseconds(20);

    private readonly Random _random;
    private readonly ReadFaults _faults;
    private readonly FakeTimeProvider _time = new();
    private readonly SimulatedTopic _topic;
    private readonly List<TaskCompletionSource> _resting = [];
    private readonly List<LostRecords> _lost = [];
    private readonly ConsumerSettings _settings;
    private readonly long[] _expected;
    private readonly bool[] _hasBegun;
    private Consumer _consumer;
    private CancellationTokenSource? _cancellation;
    private int _left;

    public ConsumerSimulation(int seed)
    {
        _random = new Random(seed);
        _faults = new ReadFaults(_random);
        _topic = new(Topic, _random.Next(1, 4), _faults, _time, InitialBackoff * 0.8);
        _settings = new ConsumerSettings
        {
            From = _random.Next(3) == 0
                ? ConsumeFrom.Time(DateTimeOffset.FromUnixTimeMilliseconds(1_000 + _random.Next(300)))
                : ConsumeFrom.Start,
            PrefetchBytes = _random.Next(2) == 0 ? 1 << 20 : _random.Next(1, 1_000),
            ReadBytes = _random.Next(2) == 0 ? 1 << 20 : _random.Next(1, 1_000),
            WhenOvertaken = (WhenOvertaken)_random.Next(2),
            InitialBackoff = InitialBackoff,
            MaximumBackoff = TimeSpan.FromMilliseconds(500),
            Random = _random,
            TimeProvider = _time,
        };
        _expected = new long[_topic.PartitionCount];
        _hasBegun = new bool[_topic.PartitionCount];
        _consumer = Create(_settings);
        _left = _random.Next(10, 300);
    }

    /// <summary>Runs to the end.</summary>
    public void Run()
    {
        for (var appends = _random.Next(5); appends > 0; appends--)
        {
            Append();
        }

        Drive(ReadInSessionsAsync());
        _topic.IsWell = true;
        _cancellation = null;
        _consumer = Create(_settings with { StopAtEnd = true, From = SavedPositions(), WhenOvertaken = WhenOvertaken.GoOn });
        Drive(ReadAsync(until: int.MaxValue));
        Assert.Empty(_topic.Violations);
        for (var partition = 0; partition < _topic.PartitionCount; partition++)
        {
            Assert.True(
                !_hasBegun[partition] || Known(partition, _topic.End(partition)) == _topic.End(partition),
                $"Partition {partition} was not read to its end.");
        }
    }

    private async Task ReadInSessionsAsync()
    {
        while (_left > 0)
        {
            using var cancellation = _cancellation = new();
            try
            {
                await ReadAsync(until: _random.Next(1, 60));
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
            }
            catch (ObjectDisposedException)
            {
            }
            catch (RecordsLostException overtaken)
            {
                Assert.Equal(WhenOvertaken.Fail, _settings.WhenOvertaken);
                await _consumer.DisposeAsync();
                var saved = new Dictionary<int, long>(_consumer.Positions.Offsets);
                NoteLost(overtaken.Lost);
                saved[overtaken.Lost.Partition.Partition] = overtaken.Lost.Offset + overtaken.Lost.Count;
                _consumer = Create(_settings with { From = ConsumeFrom.Positions(new(saved)) });
            }

            if (_random.Next(3) == 0)
            {
                await _consumer.DisposeAsync();
                _consumer = Create(_settings with { From = SavedPositions() });
            }

            await RestAsync();
        }
    }

    private async Task ReadAsync(int until)
    {
        try
        {
            await (_random.Next(2) == 0 ? ReadRecordsAsync(until) : ReadBatchesAsync(until));
        }
        finally
        {
            _topic.ForgetReader();
        }
    }

    private async Task ReadRecordsAsync(int until)
    {
        await foreach (var record in _consumer.ReadAsync(_cancellation?.Token ?? default).ConfigureAwait(false))
        {
            Judge(record);
            if (--until == 0)
            {
                break;
            }

            await MayRestAsync();
        }
    }

    private async Task ReadBatchesAsync(int until)
    {
        await foreach (var batch in _consumer.ReadBatchesAsync(_cancellation?.Token ?? default).ConfigureAwait(false))
        {
            foreach (var record in batch)
            {
                Judge(record);
            }

            if (--until == 0)
            {
                break;
            }

            await MayRestAsync();
        }
    }

    private void Judge(in ConsumerRecord record)
    {
        _left--;
        var partition = record.Partition.Partition;
        Assert.Equal(SimulatedTopic.ValueAt(partition, record.Offset), record.ValueText);
        if (!_hasBegun[partition])
        {
            JudgeFirst(record);
            (_hasBegun[partition], _expected[partition]) = (true, record.Offset);
        }

        Assert.True(
            Known(partition, upTo: record.Offset) == record.Offset,
            $"{record} was handed out where offset {_expected[partition]} is next.");
        _expected[partition] = record.Offset + 1;
        Assert.True(_consumer.Positions.Offsets[partition] > record.Offset);
    }

    /// <summary>A read from a time begins at the first record of its batch that is not older.</summary>
    private void JudgeFirst(in ConsumerRecord record)
    {
        var since = _settings.From.Kind == StartKind.Time ? _settings.From.At.ToUnixTimeMilliseconds() : long.MinValue;
        var offset = record.Offset;
        foreach (var earlier in _topic.From(record.Partition.Partition, offset).First().Decompress())
        {
            Assert.True(
                earlier.Offset >= offset || earlier.Timestamp < since,
                $"{record} was handed out first, but offset {earlier.Offset} comes before.");
        }
    }

    /// <summary>The offset that comes next, what was reported as lost passed over.</summary>
    private long Known(int partition, long upTo)
    {
        var next = _expected[partition];
        while (next < upTo && _lost.Find(lost => lost.Partition.Partition == partition && lost.Offset <= next && next < lost.Offset + lost.Count) is { Count: > 0 } lost)
        {
            next = Math.Min(lost.Offset + lost.Count, upTo);
        }

        return next;
    }

    private Consumer Create(ConsumerSettings settings)
    {
        var consumer = new Consumer(_topic, Topic, settings, isInline: true);
        consumer.Lost += NoteLost;
        return consumer;
    }

    private ConsumeFrom SavedPositions() => _consumer.Positions.Offsets.Count == 0
        ? _settings.From
        : ConsumeFrom.Positions(ConsumerPositions.Parse(_consumer.Positions.ToString()));

    private void NoteLost(LostRecords lost)
    {
        Assert.True(lost.Count > 0);
        _lost.Add(lost);
    }

    private void Append() => _topic.Append(_random.Next(_topic.PartitionCount), _random.Next(1, 12), (Compression)_random.Next(2));

    private Task MayRestAsync() => _random.Next(5) == 0 ? RestAsync() : Task.CompletedTask;

    private Task RestAsync()
    {
        var rest = new TaskCompletionSource();
        _resting.Add(rest);
        return rest.Task;
    }

    private void Drive(Task task)
    {
        for (var step = 0; !task.IsCompleted; step++)
        {
            Assert.True(step < MaximumSteps, "The reading does not come to an end.");
            Step();
        }

        Assert.True(task.IsCompletedSuccessfully, task.Exception?.ToString());
    }

    private void Step()
    {
        if (!_topic.IsWell)
        {
            Disturb();
        }

        var choice = _random.Next(_topic.Choices + _resting.Count + 1);
        if (choice < _topic.Choices)
        {
            _topic.Step(choice);
        }
        else if ((choice -= _topic.Choices) < _resting.Count)
        {
            var rest = _resting[choice];
            _resting.RemoveAt(choice);
            rest.SetResult();
        }
        else
        {
            _time.Advance(TimeSpan.FromMilliseconds(_random.Next(1, 50)));
        }

        Assert.True(
            _topic.BytesAhead(_consumer.Positions.Offsets) <= Math.Max(_settings.PrefetchBytes, _topic.LargestBatch) + _topic.LargestBatch,
            "The memory bound was passed.");
    }

    private void Disturb()
    {
        switch (_random.Next(20))
        {
            case 0 or 1 or 2:
                Append();
                break;
            case 3:
                _topic.MayTrim(_random.Next(_topic.PartitionCount));
                break;
            case 4 when _random.Next(5) == 0:
                _cancellation?.Cancel();
                break;
            case 5 when _random.Next(10) == 0:
                _ = _consumer.DisposeAsync();
                break;
        }
    }
}
