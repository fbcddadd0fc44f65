using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Orleans.Pipeline.Gateway.Settings;

/// <summary>Reads the settings from a section of the configuration. Refuses unknown keys, and names each of them.</summary>
internal sealed class GatewaySettingsBinding(IConfigurationSection section) : IConfigureOptions<GatewaySettings>
{
    public void Configure(GatewaySettings options)
    {
        var unknown = UnboundSettings.In(section, typeof(GatewaySettings)).ToList();
        if (unknown.Count > 0)
        {
            throw new OptionsValidationException(Options.DefaultName, typeof(GatewaySettings), unknown);
        }

        try
        {
            section.Bind(options);
        }
        catch (InvalidOperationException unfit)
        {
            throw new OptionsValidationException(Options.DefaultName, typeof(GatewaySettings), [unfit.Message]);
        }
    }
}
