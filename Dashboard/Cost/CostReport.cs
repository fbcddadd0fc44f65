using Orleans.Pipeline.Dashboard.History;
using Orleans.Pipeline.Dashboard.Text;
using Orleans.Pipeline.Gateway;

namespace Orleans.Pipeline.Dashboard.Cost;

internal sealed class CostReport(CostSettings prices)
{
    private const double HoursPerMonth = 730;
    private const double BytesPerGib = 1L << 30;

    public bool HasCompute => prices.CpuHour is not null || prices.MemoryGibHour is not null;

    public bool HasStorage => prices.StoredGibMonth is not null;

    public bool HasPrices => HasCompute || HasStorage;

    public string Prices => string.Join(", ", Told());

    /// <summary>Returns the cost of processors and memory per million records; NaN without records.</summary>
    public double ComputePerMillion(Usage usage) => usage.PerMillion(Compute(usage));

    /// <summary>Returns the cost of a month at the rate of the known time; NaN if no time is known.</summary>
    public double ComputePerMonth(Usage usage) => Compute(usage) / usage.Known.TotalHours * HoursPerMonth;

    public double StoragePerMonth(double bytes) => bytes / BytesPerGib * (double)(prices.StoredGibMonth ?? 0);

    public string Say(double amount) => Format.Money(amount, prices.Currency ?? "");

    private double Compute(Usage usage) =>
        (usage.CpuSeconds / 3600 * (double)(prices.PaidCpuHour ?? 0)) + (usage.MemoryGibHours * (double)(prices.PaidMemoryGibHour ?? 0));

    private IEnumerable<string> Told()
    {
        if (prices.PaidCpuHour is { } cpu)
        {
            yield return $"{Say((double)cpu)} for a processor for an hour";
        }

        if (prices.PaidMemoryGibHour is { } memory)
        {
            yield return $"{Say((double)memory)} for a GiB of memory for an hour";
        }

        if (prices.StoredGibMonth is { } stored)
        {
            yield return $"{Say((double)stored)} for a GiB stored for a month";
        }
    }
}
