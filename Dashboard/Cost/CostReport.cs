using Orleans.Pipeline.Dashboard.History;
using Orleans.Pipeline.Dashboard.Text;
using Orleans.Pipeline.Gateway;

namespace Orleans.Pipeline.Dashboard.Cost;

/// <summary>Turns what is used into money, by the prices that this host was told.</summary>
internal sealed class CostReport(CostSettings prices)
{
    private const double HoursPerMonth = 730;
    private const double BytesPerGib = 1L << 30;

    /// <summary>Whether processors or memory have a price.</summary>
    public bool HasCompute => prices.CpuHour is not null || prices.MemoryGibHour is not null;

    /// <summary>Whether storage has a price.</summary>
    public bool HasStorage => prices.StoredGibMonth is not null;

    /// <summary>Whether anything has.</summary>
    public bool HasPrices => HasCompute || HasStorage;

    /// <summary>The prices in words.</summary>
    public string Prices => string.Join(", ", Told());

    /// <summary>What processors and memory cost for a million records; NaN without records.</summary>
    public double ComputePerMillion(Usage usage) => usage.PerMillion(Compute(usage));

    /// <summary>What they cost for a month that goes on like the time told of; NaN if none is.</summary>
    public double ComputePerMonth(Usage usage) => Compute(usage) / usage.Known.TotalHours * HoursPerMonth;

    /// <summary>What bytes cost that are stored for a month.</summary>
    public double StoragePerMonth(double bytes) => bytes / BytesPerGib * (double)(prices.StoredGibMonth ?? 0);

    /// <summary>Says an amount.</summary>
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
