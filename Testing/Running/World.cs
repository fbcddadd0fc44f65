using Orleans.Pipeline.Testing.Clocks;
using Orleans.Pipeline.Testing.Memory;

namespace Orleans.Pipeline.Testing.Running;

/// <summary>What outlives the processes of a test: the database, the clocks and the one thread.</summary>
internal sealed class World
{
    /// <summary>Creates an empty world.</summary>
    /// <param name="seed">Mixes the order in which tasks run; null for the order of arrival.</param>
    public World(int? seed)
    {
        Random = new Random(seed ?? 0);
        Scheduler = new OneThreadScheduler(seed is null ? null : Random);
        Store = new MemoryStore(Database, Clock);
    }

    public MemoryDatabase Database { get; } = new();

    public MemoryStore Store { get; }

    public OneThreadScheduler Scheduler { get; }

    /// <summary>Spreads the waits of retries.</summary>
    public Random Random { get; }

    /// <summary>Gets the clock of steps, services and records, which the test moves.</summary>
    public ManualClock Clock { get; } = new(ManualClock.Beginning);

    /// <summary>
    /// Gets the clock of the tasks. It moves by itself when nothing else is left to do, so that no test waits for the pace of commits and
    /// deliveries, or for the retries of a call that failed.
    /// </summary>
    public ManualClock EngineClock { get; } = new(ManualClock.Beginning);
}
