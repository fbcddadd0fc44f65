namespace Orleans.Pipeline.Processing.Tests.Simulation;

/// <summary>
/// One simulated run: a few partitions, each with one owner after the other (and at times two at once), all of whose calls may be
/// slow, lost, repeated or out of order. In the end, everything is compared with what the records should have done.
/// </summary>
internal sealed class SimulationRun
{
    private readonly SeededScheduler _scheduler;
    private readonly SimulatedSource[] _sources;
    private readonly List<string> _faults = [];
    private readonly int _seed;

    public SimulationRun(int seed)
    {
        _seed = seed;
        Random = new Random(seed);
        _scheduler = new SeededScheduler(Random);
        Network = new Network(Random, Time, failuresIn100: Random.Next(4) * 5);
        Store = new SimulatedStore(Network, Time);
        Sink = new SimulatedSink(Network);
        Pipeline = new SimulatedPipeline(Random, Network, Time, Sink);
        _sources = [.. Enumerable.Range(0, Random.Next(1, 4)).Select(partition => new SimulatedSource(
            new TopicPartition("source", partition),
            Random))];
    }

    public Random Random { get; }

    public TimeProvider Time => _scheduler.Time;

    public Network Network { get; }

    public SimulatedStore Store { get; }

    public SimulatedSink Sink { get; }

    public SimulatedPipeline Pipeline { get; }

    /// <summary>How many continuations ran: the same for the same seed.</summary>
    public int Steps => _scheduler.Steps;

    /// <summary>Runs the simulation. An exception names the seed and the fault.</summary>
    public void Run()
    {
        try
        {
            _scheduler.Run(async () =>
            {
                await Store.PrepareAsync(Pipeline.Definition, _sources);
                await Task.WhenAll(_sources.Select(LiveAsync));
                await Task.Delay(TimeSpan.FromMinutes(1), Time);
            });
            _faults.AddRange(new SimulationModel(this, _sources).FindFaults());
        }
        catch (Exception error)
        {
            _faults.Add(error.ToString());
        }

        if (_faults.Count > 0)
        {
            throw new Xunit.Sdk.XunitException($"Seed {_seed} (repeat it with SIMULATION_SEED={_seed}):\n{string.Join('\n', _faults)}");
        }
    }

    public void Expect(bool holds, string fault)
    {
        if (!holds)
        {
            _faults.Add(fault);
        }
    }

    public async Task<T> UntilItSucceedsAsync<T>(Func<ValueTask<T>> call)
    {
        while (true)
        {
            try
            {
                return await call();
            }
            catch (Exception lost) when (lost is StoreUnavailableException or TimeoutException or OperationCanceledException)
            {
                await Network.PauseAsync();
            }
        }
    }

    public async void CancelLater(CancellationTokenSource source)
    {
        var token = source.Token;
        await Network.PauseAsync();
        await Network.PauseAsync();
        try
        {
            source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The call was over before.
        }
    }

    private async Task LiveAsync(SimulatedSource source)
    {
        var lingering = new List<Task>();
        for (var life = Random.Next(5); life > 0; life--)
        {
            await LiveOnceAsync(source, lingering);
        }

        var last = new SimulatedOwner(this, source);
        await last.ReadAsync(batches: int.MaxValue);
        await last.DrainAsync();
        Expect(
            Store.Of(last.Task).NextOffset == source.End,
            $"partition {source.Partition} is committed to {Store.Of(last.Task).NextOffset} of {source.End}");
        await Task.WhenAll(lingering);
    }

    private async Task LiveOnceAsync(SimulatedSource source, List<Task> lingering)
    {
        var owner = new SimulatedOwner(this, source);
        await owner.ReadAsync(Random.Next(1, 15));
        await Network.PauseAsync();
        switch (Random.Next(5))
        {
            case 0:
                owner.Node.IsDead = true;
                break;
            case 1:
                await owner.DisposeAsync();
                break;
            case 2:
                await owner.DrainAsync();
                break;
            case 3:
                lingering.Add(LingerAsync(owner));
                break;
            case 4:
                lingering.Add(LingerAsync(owner));
                var offset = Random.NextInt64(source.End + 1);
                await UntilItSucceedsAsync(() => Store.For(new Node()).SeekAsync(owner.Task, offset));
                break;
        }
    }

    /// <summary>Lets an old owner continue while a newer owner takes over.</summary>
    private async Task LingerAsync(SimulatedOwner owner)
    {
        await owner.ReadAsync(Random.Next(1, 15));
        await Network.PauseAsync();
        await (Network.Happens(in100: 50) ? owner.DrainAsync() : owner.DisposeAsync());
    }
}
