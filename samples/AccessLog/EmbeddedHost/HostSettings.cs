using Orleans.Pipeline;

namespace AccessLog.EmbeddedHost;

/// <summary>The host's settings from its command line, environment or appsettings.json.</summary>
/// <param name="Database">The database file. Default <c>access-log.db</c>.</param>
/// <param name="Profile">The pipeline's profile. Default <c>Balanced</c>.</param>
internal sealed record HostSettings(string Database, PipelineProfile Profile)
{
    private static readonly PipelineProfile[] Profiles = [PipelineProfile.LowLatency, PipelineProfile.Balanced, PipelineProfile.Throughput];

    /// <summary>Reads the settings.</summary>
    /// <exception cref="InvalidSettingException">A setting is invalid.</exception>
    public static HostSettings Read(IConfiguration configuration) => new(
        configuration["database"] is { Length: > 0 } database ? database : "access-log.db",
        ProfileOf(configuration["profile"] ?? PipelineProfile.Balanced.Name));

    private static PipelineProfile ProfileOf(string name) =>
        Array.Find(Profiles, profile => profile.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new InvalidSettingException($"There is no profile '{name}'. Give --profile LowLatency, Balanced or Throughput.");
}

/// <summary>A setting of the host is invalid.</summary>
internal sealed class InvalidSettingException(string message) : Exception(message);
