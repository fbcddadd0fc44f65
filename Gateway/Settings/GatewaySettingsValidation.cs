using Microsoft.Extensions.Options;

namespace Orleans.Pipeline.Gateway.Settings;

internal sealed class GatewaySettingsValidation : IValidateOptions<GatewaySettings>
{
    public ValidateOptionsResult Validate(string? name, GatewaySettings options)
    {
        var faults = AuthenticationFaults.Of(options.Authentication)
            .Concat(LimitFaults.Of(options.Limits)).Concat(Faults(options)).ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> Faults(GatewaySettings settings)
    {
        if (settings.HealthTimeout <= TimeSpan.Zero)
        {
            yield return $"{GatewaySettings.Section}:{nameof(settings.HealthTimeout)} is {settings.HealthTimeout}; give a positive time.";
        }
    }
}
