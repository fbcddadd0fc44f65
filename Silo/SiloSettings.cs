using System.Net;
using Microsoft.Extensions.Configuration;
using Npgsql;

namespace Orleans.Pipeline.Silo;

/// <summary>The ways in which silos find each other.</summary>
public enum SiloClustering
{
    /// <summary>
    /// One silo, or several on one machine that find the first by its port. Meant for a laptop: when the first silo stops, all stop.
    /// </summary>
    Localhost,

    /// <summary>Silos find each other through a table in the PostgreSQL database that they share.</summary>
    Postgres,
}

/// <summary>
/// The settings of a silo, read from the section <c>Silo</c> of the configuration: <c>appsettings.json</c>, the environment
/// (<c>Silo__SiloPort=11112</c>) or the command line (<c>--Silo:SiloPort 11112</c>).
/// </summary>
public sealed record SiloSettings
{
    /// <summary>The section's name.</summary>
    public const string Section = "Silo";

    /// <summary>The environment variable that holds the connection string if <see cref="Postgres"/> is not set.</summary>
    public const string PostgresVariable = "PIPELINE_POSTGRES";

    /// <summary>
    /// Gets the connection string of the PostgreSQL database that all silos share, in Npgsql's format. It is never logged. Default the
    /// environment variable <c>PIPELINE_POSTGRES</c>. Without either, the store is a SQLite database and the cluster is one silo.
    /// </summary>
    public string? Postgres { get; init; }

    /// <summary>
    /// Gets the file of the SQLite database, used without <see cref="Postgres"/>. Beside the file is its folder <c>&lt;file&gt;-log</c>.
    /// Default <c>pipeline.db</c>.
    /// </summary>
    public string Database { get; init; } = "pipeline.db";

    /// <summary>
    /// Gets the way in which silos find each other. Default <see cref="SiloClustering.Postgres"/> if there is a connection string,
    /// otherwise <see cref="SiloClustering.Localhost"/>.
    /// </summary>
    public SiloClustering Clustering { get; init; }

    /// <summary>Gets the cluster id. Silos with the same cluster id form one cluster. Default <c>pipeline</c>.</summary>
    public string ClusterId { get; init; } = "pipeline";

    /// <summary>Gets the application's name in all its clusters. Default <c>pipeline</c>.</summary>
    public string ServiceId { get; init; } = "pipeline";

    /// <summary>Gets the address at which the other silos reach this one. Default the loopback address.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>Gets the port for the other silos, 1 to 65,535. Default 11111.</summary>
    public int SiloPort { get; init; } = 11111;

    /// <summary>Gets the port for Orleans clients, 1 to 65,535. Default 30000.</summary>
    public int GatewayPort { get; init; } = 30000;

    /// <summary>Gets the silo port of the first silo, for <see cref="SiloClustering.Localhost"/>. Default this silo's own port.</summary>
    public int? FirstSiloPort { get; init; }

    /// <summary>
    /// Gets the time that a silo waits for another silo's answer to a probe. Two missed answers in a row make the other silo suspect. A
    /// dead silo is found after about three times this time, or seven times when most of the cluster died at once. A shorter time finds
    /// dead silos sooner, but also takes a silo that only pauses for dead; that silo then ends and must be restarted. Per interval of this
    /// length, each silo probes ten others and writes a row of the membership table; every second interval it reads the table. Default 2 s.
    /// </summary>
    public TimeSpan ProbeTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Gets the maximum time that a stop waits for records in flight to commit; then it abandons them. Default 20 s.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Gets the maximum bytes, over all tasks of the silo, that are read but not committed. Default 256 MiB.</summary>
    public long ReadAheadBytes { get; init; } = 256L << 20;

    /// <summary>Gets the interval at which retention is applied. Default one minute.</summary>
    public TimeSpan RetentionInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Gets the time after which the checkpoints of a stage that no silo defines any more are let go of, so that retention no longer waits
    /// for them. A paused pipeline keeps its checkpoints. Default a day.
    /// </summary>
    public TimeSpan ForgetAfter { get; init; } = TimeSpan.FromDays(1);

    /// <summary>
    /// Gets how far ahead of the silo's clock a producer may date a record. Records dated further ahead are appended too, but counted in
    /// <c>pipeline.topic.append.ahead</c>, and the first one of each topic is logged. Default one minute.
    /// </summary>
    public TimeSpan MaximumAhead { get; init; } = RecordTime.MaximumAhead;

    /// <summary>
    /// Gets whether the silo serves the dashboard at <c>/</c> and the Orleans dashboard under <c>/orleans</c>. Default true.
    /// </summary>
    public bool Dashboard { get; init; } = true;

    /// <summary>
    /// Gets whether the host only creates or migrates the schemas in the database, reports the changes, and stops. It neither listens nor
    /// joins the cluster. Use it as a deployment step before the silos start. A silo migrates too when it starts. Default false.
    /// </summary>
    public bool MigrateOnly { get; init; }

    /// <summary>Reads the settings from a configuration.</summary>
    /// <param name="configuration">The whole configuration.</param>
    /// <exception cref="InvalidSiloSettingException">A key of the section is unknown or invalid; the message names the key.</exception>
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
            ForgetAfter = section.GetTime(
                nameof(ForgetAfter), defaults.ForgetAfter, TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(36500)),
            MaximumAhead = section.GetTime(nameof(MaximumAhead), defaults.MaximumAhead, TimeSpan.FromMilliseconds(1)),
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
                nameof(Postgres),
                $"or the environment variable {PostgresVariable} is malformed. "
                + "Give it as 'Host=…;Port=…;Database=…;Username=…;Password=…'.");
        }

        if (Clustering == SiloClustering.Postgres && Postgres is null)
        {
            throw new InvalidSiloSettingException(
                nameof(Clustering),
                "is Postgres, but there is no connection string. "
                + $"Set {Section}:{nameof(Postgres)} or the environment variable {PostgresVariable}.");
        }

        if (MigrateOnly && Postgres is null)
        {
            throw new InvalidSiloSettingException(
                nameof(MigrateOnly),
                "is true, but there is no connection string. "
                + $"Set {Section}:{nameof(Postgres)} or the environment variable {PostgresVariable}.");
        }

        if (SiloPort == GatewayPort)
        {
            throw new InvalidSiloSettingException(nameof(GatewayPort), $"is {GatewayPort}, which is also the silo port. Give another.");
        }

        if (FirstSiloPort is not null && Clustering != SiloClustering.Localhost)
        {
            throw new InvalidSiloSettingException(nameof(FirstSiloPort), "is for Localhost clustering only. Leave it out.");
        }

        if (FirstSiloPort is { } first && first != SiloPort && Postgres is null)
        {
            throw new InvalidSiloSettingException(
                nameof(FirstSiloPort),
                $"makes this the second silo, but a SQLite database serves one process. Set {Section}:{nameof(Postgres)}.");
        }

        return this;
    }

    /// <summary>Returns whether the text can be parsed. The parser's error is not used, because it may quote the password.</summary>
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
