using Microsoft.Extensions.Time.Testing;

namespace Orleans.Pipeline.Client.Tests.Simulation;

/// <summary>
/// One run of a producer with several senders against a <see cref="SimulatedLog"/>, on one thread, in an order drawn from a seed:
/// every continuation, timer and answer happens when the run chooses it.
/// </summary>
internal sealed class ProducerSimulation
{
    private const int MaximumSteps = 100_000;
    private static readonly TopicName Topic = new("orders");

    private readonly Random _random;
    private readonly Faults _faults;
    private readonly FakeTimeProvider _time = new();
    private readonly List<IThreadPoolWorkItem> _scheduled = [];
    private readonly List<TaskCompletionSource> _resting = [];
    private readonly List<SentRecord> _sent = [];
    private readonly SimulatedLog _log;
    private readonly Producer _producer;
    private readonly ProducerSettings _settings;
    private long _reportedByFlush;

    public ProducerSimulation(int seed)
    {
        _random = new Random(seed);
        _faults = new Faults(_random);
        _settings = new ProducerSettings
        {
            Linger = TimeSpan.FromMilliseconds(_random.Next(0, 2) * 5),
            BatchBytes = _random.Next(70, 300),
            MaximumInFlight = _random.Next(2) == 0 ? 5 : _random.Next(1, 6),
            MaximumMemoryBytes = _random.Next(2) == 0 ? 1 << 20 : _random.Next(100, 1000),
            Compression = (Compression)_random.Next(2),
            Name = _random.Next(4) == 0 ? "name" : null,
            DeliveryTimeout = TimeSpan.FromSeconds(_random.Next(2) == 0 ? 120 : 1),
            InitialBackoff = TimeSpan.FromMilliseconds(20),
            MaximumBackoff = TimeSpan.FromMilliseconds(500),
            Random = _random,
            TimeProvider = _time,
        };
        _log = new(Topic, _random.Next(2) == 0 ? 1 : _random.Next(2, 4), _settings.MaximumInFlight, _faults, _time);
        _producer = new(_log, Topic, _settings, _scheduled.Add);
    }

    /// <summary>Runs to the end and compares what was promised with what is in the log.</summary>
    public void Run()
    {
        var senders = Task.WhenAll(Enumerable.Range(0, _random.Next(1, 4)).Select(SendAllAsync));
        Drive(senders);
        Drive(FlushAsync());
        Drive(_producer.DisposeAsync().AsTask());
        Drive(Task.WhenAll(_sent.Select(record => record.Outcome)));
        _log.ArriveAll();
        Judge();
    }

    private async Task SendAllAsync(int sender)
    {
        var records = _random.Next(1, 40);
        var keys = _random.Next(1, 4);
        for (var number = 0; number < records; number++)
        {
            var key = _random.Next(5) == 0 ? null : $"{sender}-{_random.Next(keys)}";
            var record = new SentRecord(key, $"{sender}:{key}:{number}", number, IsEnqueued: _random.Next(4) == 0);
            _sent.Add(record);
            record.Send(_producer);
            switch (_random.Next(12))
            {
                case 0:
                    await record.Outcome;
                    break;
                case 1:
                    await RestAsync();
                    break;
                case 2 when _random.Next(2) == 0:
                    await FlushAsync();
                    break;
            }
        }
    }

    private Task RestAsync()
    {
        var rest = new TaskCompletionSource();
        _resting.Add(rest);
        return rest.Task;
    }

    private async Task FlushAsync()
    {
        try
        {
            await _producer.FlushAsync();
        }
        catch (FlushException failure)
        {
            _reportedByFlush += failure.Records;
        }
    }

    private void Drive(Task task)
    {
        for (var step = 0; !task.IsCompleted; step++)
        {
            Assert.True(step < MaximumSteps, "A send does not complete.");
            Step();
            Assert.True(
                _producer.BufferedBytes <= Math.Max(_settings.MaximumMemoryBytes, RecordBatchBuilder.MaximumRecordBytes(20, 20)),
                "The memory bound was passed.");
        }

        Assert.True(task.IsCompletedSuccessfully, task.Exception?.ToString());
    }

    private void Step()
    {
        if (_producer.BufferedBytes == 0)
        {
            _log.MayForget();
        }

        var choices = _scheduled.Count + _log.Choices + _resting.Count;
        if (choices == 0 || _faults.Happens(_faults.TimeJump))
        {
            _time.Advance(TimeSpan.FromMilliseconds(1 << _random.Next(0, 12)));
            return;
        }

        var choice = _random.Next(choices);
        if (choice < _scheduled.Count)
        {
            var work = _scheduled[choice];
            _scheduled.RemoveAt(choice);
            work.Execute();
        }
        else if ((choice -= _scheduled.Count) < _resting.Count)
        {
            var rest = _resting[choice];
            _resting.RemoveAt(choice);
            rest.SetResult();
        }
        else
        {
            _log.Step(choice - _resting.Count);
        }
    }

    private void Judge()
    {
        Assert.Empty(_log.Violations);
        var inLog = _log.Partitions.SelectMany((partition, number) => partition.Values.Select((value, offset) => (
            Value: value,
            Place: (number, (long)offset)))).ToList();
        Assert.Equal(inLog.Count, inLog.DistinctBy(place => place.Value).Count());
        var places = inLog.ToDictionary(place => place.Value, place => place.Place);

        var lostEnqueued = 0;
        foreach (var record in _sent)
        {
            JudgeRecord(record, places);
            lostEnqueued += record.IsEnqueued && record.Error is null && !places.ContainsKey(record.Value) ? 1 : 0;
        }

        Assert.True(
            lostEnqueued <= _reportedByFlush, $"{lostEnqueued} enqueued records are missing; the flushes reported {_reportedByFlush}.");
        foreach (var key in _sent.Where(record => record.Key is not null && record.Result is not null).GroupBy(record => record.Key))
        {
            var offsets = key.OrderBy(record => record.Number).Select(record => record.Result!.Value.Offset).ToList();
            Assert.Equal(offsets.Order(), offsets);
        }
    }

    private void JudgeRecord(SentRecord record, Dictionary<string, (int Partition, long Offset)> places)
    {
        if (record.Result is { } result)
        {
            Assert.Equal(places[record.Value], (result.Partition.Partition, result.Offset));
            Assert.True(
                record.Key is null || result.Partition.Partition == KeyPartitioner.PartitionOf(System.Text.Encoding.UTF8.GetBytes(record.Key), _log.Partitions.Length));
        }

        Assert.IsNotType<DuplicateSequenceException>(record.Error);
        Assert.IsNotType<SequenceGapException>(record.Error);
        if (record.Error is DeliveryException { MayHaveBeenAppended: false } certain)
        {
            Assert.False(places.ContainsKey(record.Value), $"'{record.Value}' is in the log, but its send said: {certain.Message}");
        }

        Assert.True(
            record.Error is null or DeliveryException or UnknownTopicException,
            $"'{record.Value}' failed with {record.Error}");
    }
}
