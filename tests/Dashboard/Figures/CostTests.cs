using Orleans.Pipeline.Dashboard.Cost;
using Orleans.Pipeline.Dashboard.History;
using Orleans.Pipeline.Gateway;

namespace Orleans.Pipeline.Dashboard.Tests.Figures;

public sealed class CostTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void What_was_used_in_the_last_hour_is_added_up_as_far_as_it_is_known()
    {
        var history = new UsageHistory();
        for (var second = 0; second < 1800; second++)
        {
            history.Add(Start.AddSeconds(second), recordsPerSecond: 1000, processors: 0.5, memoryBytes: 2L << 30);
        }

        var usage = history.LastHour(Start.AddSeconds(1799));

        Assert.Equal(TimeSpan.FromMinutes(30), usage.Known);
        Assert.Equal((1_800_000, 900, 1.0), (usage.Records, usage.CpuSeconds, usage.MemoryGibHours));
        Assert.Equal(500, usage.CpuSecondsPerMillion);
    }

    [Fact]
    public void Too_few_records_say_nothing_of_a_million()
    {
        var idle = new Usage(TimeSpan.FromHours(1), Records: 3, CpuSeconds: 60, MemoryGibHours: 1);

        Assert.True(double.IsNaN(idle.CpuSecondsPerMillion));
        Assert.True(double.IsNaN(new CostReport(new CostSettings { Currency = "EUR", CpuHour = 1 }).ComputePerMillion(idle)));
    }

    [Fact]
    public void Money_is_use_times_price_less_the_discount_of_the_machine_and_none_on_storage()
    {
        var bill = new CostReport(new CostSettings { Currency = "EUR", CpuHour = 0.04m, MemoryGibHour = 0.01m, StoredGibMonth = 0.1m, SpotDiscount = 0.5m });
        var usage = new Usage(TimeSpan.FromMinutes(30), Records: 2_000_000, CpuSeconds: 3600, MemoryGibHours: 1);

        Assert.Equal(0.0125, bill.ComputePerMillion(usage), 6);
        Assert.Equal(0.05 * 730, bill.ComputePerMonth(usage), 6);
        Assert.Equal(1, bill.StoragePerMonth(10L << 30), 6);
        Assert.Equal(
            "0.02 EUR for a processor for an hour, 0.005 EUR for a GiB of memory for an hour, 0.10 EUR for a GiB stored for a month",
            bill.Prices);
    }

    [Fact]
    public void Without_prices_there_is_no_money()
    {
        Assert.False(new CostReport(new CostSettings()).HasPrices);
        Assert.False(new CostReport(new CostSettings { Currency = "EUR", StoredGibMonth = 1 }).HasCompute);
    }
}
