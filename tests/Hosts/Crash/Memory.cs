namespace Orleans.Pipeline.CrashHost;

/// <summary>The host's memory after a garbage collection.</summary>
/// <param name="Managed">Bytes of objects.</param>
/// <param name="WorkingSet">Bytes of the whole process that are in physical memory.</param>
public sealed record Memory(long Managed, long WorkingSet)
{
    /// <summary>Measures it.</summary>
    public static Memory Now()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        return new Memory(GC.GetTotalMemory(forceFullCollection: true), Environment.WorkingSet);
    }
}
