using Microsoft.Extensions.Configuration;

namespace Orleans.Pipeline.Hosts;

/// <summary>A configuration that changes while the host runs, as a file does.</summary>
internal sealed class MutableConfiguration : ConfigurationProvider, IConfigurationSource
{
    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    /// <summary>Removes all keys under one.</summary>
    public void Remove(string prefix)
    {
        foreach (var key in Data.Keys.Where(key => key.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)).ToList())
        {
            Data.Remove(key);
        }
    }

    /// <summary>Notifies the host of changed settings.</summary>
    public void Reload() => OnReload();
}
