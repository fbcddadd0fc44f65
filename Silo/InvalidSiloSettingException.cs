namespace Orleans.Pipeline.Silo;

/// <summary>A setting of a silo is unknown or invalid.</summary>
public sealed class InvalidSiloSettingException(
    string key, string fault) : PipelineException($"The setting {SiloSettings.Section}:{key} {fault}")
{
    /// <summary>Gets the setting's key within the section.</summary>
    public string Key { get; } = key;
}
