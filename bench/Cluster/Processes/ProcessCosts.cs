using Orleans.Pipeline.Bench.Measuring;

namespace Orleans.Pipeline.Bench.Cluster.Processes;

/// <summary>What a run has cost one silo.</summary>
internal sealed record ProcessCosts(double CpuSeconds, long AllocatedBytes, long PeakBytes, long GrainCalls);

/// <summary>Measures that, from <see cref="Start"/> to <see cref="Stop"/>.</summary>
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
