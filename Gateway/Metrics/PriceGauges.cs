using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Orleans.Pipeline.Telemetry;

namespace Orleans.Pipeline.Gateway.Metrics;

/// <summary>Exports the prices as metrics, so that costs can be computed from metrics alone.</summary>
internal sealed class PriceGauges(CostSettings prices) : IHostedService, IDisposable
{
    private readonly Meter _meter = PipelineTelemetry.NewMeter(PipelineTelemetry.Name);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        Tell("pipeline.price.cpu_hour", prices.PaidCpuHour, "The price of a processor for an hour");
        Tell("pipeline.price.memory_gibibyte_hour", prices.PaidMemoryGibHour, "The price of a gibibyte of memory for an hour");
        Tell("pipeline.price.stored_gibibyte_month", prices.StoredGibMonth, "The price of a gibibyte stored for a month");
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _meter.Dispose();

    private void Tell(string name, decimal? price, string description)
    {
        if (price is { } set)
        {
            var measurement = new Measurement<double>(
                (double)set, new KeyValuePair<string, object?>(TelemetryTags.Currency, prices.Currency));
            _meter.CreateObservableGauge(name, () => measurement, "{currency}", description);
        }
    }
}
