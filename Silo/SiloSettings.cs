using System.Net;
using Microsoft.Extensions.Configuration;
using Npgsql;

namespace Orleans.Pipeline.Silo;

/// <summary>How silos find each other.</summary>
public enum SiloClustering
{
    /// <summary>
    /// One silo, or several on one machine that know the first by its port. For a laptop: when the first stops, so do all.
    /// </summary>
    Localhost,

    /// <summary>By a table in the PostgreSQL database that they share.</summary>
    Postgres,
}

/// <summary>
/// How a silo runs, read from the section <c>Silo</c> of the configuration: <c>appsettings.json</c>, the environment
/// (<c>Silo__SiloPort=11112</c>) or the command line (<c>--Silo:SiloPort 11112</c>).
/// </summary>
public sealed record SiloSettings
{
    /// <summary>The section's name.</summary>
    public const string Section = "Silo";

    /// <summary>The environment variable that holds the connection string if <see cref="Postgres"/> is not set.</summary>
    public const string PostgresVariable = "PIPELINE_POSTGRES";

    /// <summary>
    /// The connection string of the PostgreSQL database that all silos share, as Npgsql reads it. Never logged. Default the
    /// environment variable <c>PIPELINE_POSTGRES</c>; without either, the store is a SQLite file and the cluster one silo.
    /// </summary>
    public string? Postgres { get; init; }

    /// <summary>The SQLite file, where there is no <see cref="Postgres"/>. Default <c>pipeline.db</c>.</summary>
    public string Database { get; init; } = "pipeline.db";

    /// <summary>
    /// How silos find each other. Default <see cref="SiloClustering.Postgres"/> if there is a connection string, else
    /// <see cref="SiloClustering.Localhost"/>.
    /// </summary>
    public SiloClustering Clustering { get; init; }

    /// <summary>Silos with the same cluster id form one cluster. Default <c>pipeline</c>.</summary>
    public string ClusterId { get; init; } = "pipeline";

    /// <summary>Names the application over all its clusters. Default <c>pipeline</c>.</summary>
    public string ServiceId { get; init; } = "pipeline";

    /// <summary>The address by which the other silos reach this one. Default the loopback address.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>The port for the other silos, 1 to 65,535. Default 11111.</summary>
    public int SiloPort { get; init; } = 11111;

    /// <summary>The port for Orleans clients, 1 to 65,535. Default 30000.</summary>
    public int GatewayPort { get; init; } = 30000;

    /// <summary>The silo port of the first silo, for <see cref="SiloClustering.Localhost"/>. Default this silo's own.</summary>
    public int? FirstSiloPort { get; init; }

    /// <summary>
    /// How long a silo waits for another's answer to a probe; two in a row without one make it suspect. Shorter finds a dead silo
    /// sooner (about three times this long, or seven when most of the cluster died at once), and takes one that only pauses for dead,
    /// which then ends and must be started again. It costs a probe from each silo to each of ten others, a row written to the table of
    /// members by each silo, and every other time a read of that table. Default 2 s.
    /// </summary>
    public TimeSpan ProbeTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a stop waits for what is in flight to commit before abandoning it. Default 20 s.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The most bytes that all tasks of the silo together hold that are read but not committed. Default 256 MiB.</summary>
    public long ReadAheadBytes { get; init; } = 256L << 20;

    /// <summary>How often retention is applied. Default every minute.</summary>
    public TimeSpan RetentionInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Whether the dashboard is served at <c>/</c> and the Orleans dashboard under <c>/orleans</c>. Default true.</summary>
    public bool Dashboard { get; init; } = true;

    /// <summary>
    /// Whether the host only creates or migrates the schemas in the database, says what it did, and stops, without listening or joining the
    /// cluster: for a step of a deployment before the silos start. A silo does the same at its start. Default false.
    /// </summary>
    public bool MigrateOnly { get; init; }

    /// <summary>Reads the settings.</summary>
    /// <param name="configuration">The whole configuration.</param>
    /// <exception cref="InvalidSiloSettingException">A key of the section is unknown, or its value is not possible; the message names
    /// it.</exception>
    public static SiloSettings Read(IConfiguration configuration)
    {
        var section = new SettingsSection(configuration.GetSection(Section));
        var defaults = new SiloSettings();
        var postgres = section.GetText(nameof(Postgres)) ?? (configuration[PostgresVariable] is { Length: > 0 } variable ? variable : null);
        var settings = new SiloSettings
        {
            Postgres = postgres,
            Database = section.GetText(nameof(Database)) ?? defaults.Database,
            Clustering = section.GetEnum(nameof(Clustering), postgres is null ? SiloClustering.Localhost : SiloClustering.Postgres),
            ClusterId = section.GetText(nameof(ClusterId)) ?? defaults.ClusterId,
            ServiceId = section.GetText(nameof(ServiceId)) ?? defaults.ServiceId,
            Address = section.GetAddress(nameof(Address), defaults.Address),
            SiloPort = section.GetPort(nameof(SiloPort)) ?? defaults.SiloPort,
            GatewayPort = section.GetPort(nameof(GatewayPort)) ?? defaults.GatewayPort,
            FirstSiloPort = section.GetPort(nameof(FirstSiloPort)),
            ProbeTimeout = section.GetTime(nameof(ProbeTimeout), defaults.ProbeTimeout, TimeSpan.FromMilliseconds(100)),
            StopTimeout = section.GetTime(nameof(StopTimeout), defaults.StopTimeout, TimeSpan.Zero),
            ReadAheadBytes = section.GetNumber(nameof(ReadAheadBytes), defaults.ReadAheadBytes, 1 << 20),
            RetentionInterval = section.GetTime(nameof(RetentionInterval), defaults.RetentionInterval, TimeSpan.FromMilliseconds(1)),
            Dashboard = section.GetBoolean(nameof(Dashboard), defaults.Dashboard),
            MigrateOnly = section.GetBoolean(nameof(MigrateOnly), defaults.MigrateOnly),
        };
        section.RefuseUnread();
        return settings.Checked();
    }

    private SiloSettings Checked()
    {
        if (Postgres is not null && !IsConnectionString(Postgres))
        {
            throw new InvalidSiloSettingException(
                nameof(Postgres), $"or the environment variable {PostgresVariable} is malformed. Give it as 'Host=…;Port=…;Database=…;Username=…;Password=…'.");
        }

        if (Clustering == SiloClustering.Postgres && Postgres is null)
        {
            throw new InvalidSiloSettingException(
                nameof(Clustering), $"is Postgres, but there is no connection string. Set {Section}:{nameof(Postgres)} or the environment variable {PostgresVariable}.");
        }

        if (MigrateOnly && Postgres is null)
        {
            throw new InvalidSiloSettingException(
                nameof(MigrateOnly), $"is true, but there is no connection string. Set {Section}:{nameof(Postgres)} or the environment variable {PostgresVariable}.");
        }

        if (SiloPort == GatewayPort)
        {
            throw new InvalidSiloSettingException(nameof(GatewayPort), $"is {GatewayPort}, which is the silo port too. Give another.");
        }

        if (FirstSiloPort is not null && Clustering != SiloClustering.Localhost)
        {
            throw new InvalidSiloSettingException(nameof(FirstSiloPort), "is for Localhost clustering only. Leave it out.");
        }

        if (FirstSiloPort is { } first && first != SiloPort && Postgres is null)
        {
            throw new InvalidSiloSettingException(
                nameof(FirstSiloPort),
                $"makes this the second silo, but a SQLite file serves one process. Set {Section}:{nameof(Postgres)}.");
        }

        return this;
    }

    /// <summary>Whether it can be parsed; what the parser says of one that cannot may quote the password.</summary>
    private static bool IsConnectionString(string text)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(text).Host is not null;
        }
        catch (Exception fault) when (fault is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
            return false;
        }
    }

    private bool PrintMembers(System.Text.StringBuilder builder)
    {
        builder.Append($"Clustering = {Clustering}, ClusterId = {ClusterId}, SiloPort = {SiloPort}, GatewayPort = {GatewayPort}");
        return true;
    }
}
