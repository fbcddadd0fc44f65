using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Orleans.Pipeline.Gateway.Settings;

namespace Orleans.Pipeline.Gateway;

/// <summary>
/// The prices of a host's machine: the section <c>Cost</c> of the configuration. Without prices, only seconds and bytes are shown. Prices
/// are exported as metrics, and the dashboard computes costs from them.
/// </summary>
public sealed class CostSettings
{
    /// <summary>The section's name.</summary>
    public const string Section = "Cost";

    private const int MaximumCurrencyLength = 8;

    /// <summary>The currency of the prices, such as <c>EUR</c>; 1 to 8 characters, needed where there is a price. Default null.</summary>
    public string? Currency { get; set; }

    /// <summary>The price of one processor for an hour, without the discount. Default null: no price.</summary>
    public decimal? CpuHour { get; set; }

    /// <summary>The price of a gibibyte of memory for an hour, without the discount. Default null: no price.</summary>
    public decimal? MemoryGibHour { get; set; }

    /// <summary>The price of a gibibyte stored for a month, copies and backups included. Default null: no price.</summary>
    public decimal? StoredGibMonth { get; set; }

    /// <summary>
    /// The share, 0 or more and below 1, by which processors and memory of this host are cheaper, as on a spot machine. Default 0.
    /// </summary>
    public decimal SpotDiscount { get; set; }

    internal bool HasPrices => Prices.Any(price => price.Value is not null);

    /// <summary>The price of a processor for an hour, with the discount; null without a price.</summary>
    internal decimal? PaidCpuHour => CpuHour * (1 - SpotDiscount);

    /// <summary>The price of a gibibyte of memory for an hour, with the discount; null without a price.</summary>
    internal decimal? PaidMemoryGibHour => MemoryGibHour * (1 - SpotDiscount);

    private IEnumerable<(string Key, decimal? Value)> Prices =>
        [(nameof(CpuHour), CpuHour), (nameof(MemoryGibHour), MemoryGibHour), (nameof(StoredGibMonth), StoredGibMonth)];

    /// <exception cref="OptionsValidationException">A key is unknown or its value is invalid; the message names it.</exception>
    internal static CostSettings Read(IConfiguration configuration)
    {
        var section = configuration.GetSection(Section);
        var faults = UnboundSettings.In(section, typeof(CostSettings)).ToList();
        var settings = new CostSettings();
        try
        {
            section.Bind(settings);
        }
        catch (InvalidOperationException unfit)
        {
            faults.Add(unfit.Message);
        }

        faults.AddRange(settings.Faults());
        return faults.Count == 0 ? settings : throw new OptionsValidationException(Section, typeof(CostSettings), faults);
    }

    private IEnumerable<string> Faults()
    {
        foreach (var (key, value) in Prices)
        {
            if (value < 0)
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"{Section}:{key} is {value}; give a price of 0 or more.");
            }
        }

        if (SpotDiscount is not (>= 0 and < 1))
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{Section}:{nameof(SpotDiscount)} is {SpotDiscount}; give a share, "
                + $"0 or more and below 1: 0.6 is 60 % off.");
        }

        if (HasPrices ? string.IsNullOrWhiteSpace(Currency) : Currency?.Length == 0)
        {
            yield return $"{Section}:{nameof(Currency)} is not set; give the currency of the prices, such as EUR.";
        }
        else if (Currency?.Length > MaximumCurrencyLength)
        {
            yield return $"{Section}:{nameof(Currency)} is '{Currency}'; give 1 to {MaximumCurrencyLength} characters, such as EUR.";
        }
    }
}
