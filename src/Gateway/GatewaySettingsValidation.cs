using Microsoft.Extensions.Options;

namespace Orleans.Pipeline.Gateway;

/// <summary>Refuses settings that are out of range, naming each key.</summary>
internal sealed class GatewaySettingsValidation : IValidateOptions<GatewaySettings>
{
    public ValidateOptionsResult Validate(string? name, GatewaySettings options)
    {
        var faults = Faults(options).ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> Faults(GatewaySettings settings)
    {
        var limits = settings.RecordLimits;
        foreach (var (key, value) in new[]
        {
            ("RecordLimits:RecordBytes", limits.RecordBytes),
            ("RecordLimits:BatchBytes", limits.BatchBytes),
            ("RecordLimits:DecompressedBytes", limits.DecompressedBytes),
            ("MaximumReadBytes", settings.MaximumReadBytes),
        })
        {
            if (value < 1)
            {
                yield return $"{nameof(GatewaySettings)}:{key} is {value}; give a positive number of bytes.";
            }
        }

        if (settings.MaximumRequestBytes < limits.BatchBytes)
        {
            yield return $"{nameof(GatewaySettings)}:{nameof(settings.MaximumRequestBytes)} is {settings.MaximumRequestBytes}; a request must be able to hold a batch of RecordLimits:BatchBytes, which is {limits.BatchBytes}.";
        }

        if (limits.Headers < 0)
        {
            yield return $"{nameof(GatewaySettings)}:RecordLimits:Headers is {limits.Headers}; give 0 or more.";
        }

        if (settings.MaximumWait < TimeSpan.Zero || settings.MaximumWait > TimeSpan.FromHours(1))
        {
            yield return $"{nameof(GatewaySettings)}:{nameof(settings.MaximumWait)} is {settings.MaximumWait}; give 0 to 1 hour.";
        }

        if (settings.HealthTimeout <= TimeSpan.Zero)
        {
            yield return $"{nameof(GatewaySettings)}:{nameof(settings.HealthTimeout)} is {settings.HealthTimeout}; give a positive time.";
        }
    }
}
