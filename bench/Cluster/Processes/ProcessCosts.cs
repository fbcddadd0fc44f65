using Orleans.Pipeline.Bench.Measuring;

namespace Orleans.Pipeline.Bench.Cluster.Processes;

/// <summary>The cost of a run to one silo.</summary>
internal sealed record ProcessCosts(double CpuSeconds, long AllocatedBytes, long PeakBytes, long GrainCalls);

/// <summary>Measures the cost from <see cref="Start"/> to <see cref="Stop"/>.</summary>
internal sealed class CostMeter(GrainCallCounter calls)
{
    private Stopper _stopper = null!;
    private long _calls;

    public void Start() => (_calls, _stopper) = (calls.Read(), Stopper.Start());

    public ProcessCosts Stop()
    {
        var sample = _stopper.Stop("", 0, 0);
        return new ProcessCosts(sample.CpuSeconds, sample.AllocatedBytes, sample.PeakBytes, calls.Read() - _calls);
    }
}
