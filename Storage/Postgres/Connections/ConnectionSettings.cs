using Npgsql;

namespace Orleans.Pipeline.Storage.Postgres.Connections;

/// <summary>The store's connection settings, and a name for the database without secrets.</summary>
internal sealed class ConnectionSettings
{
    private const int BufferBytes = 64 << 10;
    private const int PreparedStatements = 64;

    private readonly NpgsqlConnectionStringBuilder _builder;

    /// <exception cref="ArgumentException">The connection string is malformed.</exception>
    public ConnectionSettings(PostgresStoreSettings settings)
    {
        _builder = Parse(settings.ConnectionString);
        _builder.Pooling = true;
        _builder.MinPoolSize = 0;
        _builder.MaxPoolSize = settings.Appenders + settings.Connections + 2;
        _builder.NoResetOnClose = true;
        _builder.Enlist = false;
        _builder.Multiplexing = false;
        _builder.MaxAutoPrepare = PreparedStatements;
        _builder.AutoPrepareMinUsages = 2;
        _builder.ReadBufferSize = BufferBytes;
        _builder.WriteBufferSize = BufferBytes;
        _builder.CommandTimeout = (int)Math.Ceiling(settings.CommandTimeout.TotalSeconds);
        _builder.PersistSecurityInfo = false;
        _builder.LogParameters = false;
        _builder.IncludeErrorDetail = false;
        _builder.IncludeFailedBatchedCommand = true;
        _builder.Options = string.IsNullOrEmpty(_builder.Options) ? SessionSettings.Options : $"{_builder.Options} {SessionSettings.Options}";
        _builder.ApplicationName ??= "Orleans.Pipeline";
        Name = $"PostgreSQL database '{_builder.Database ?? _builder.Username}' at {_builder.Host}:{_builder.Port}";
    }

    public string Name { get; }

    public NpgsqlDataSource Build() => NpgsqlDataSource.Create(_builder);

    /// <summary>Parses the string. Hides the parser's own error, because it may quote the password.</summary>
    private static NpgsqlConnectionStringBuilder Parse(string connectionString)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString, "ConnectionString");
        try
        {
            return new NpgsqlConnectionStringBuilder(connectionString);
        }
        catch (Exception failure) when (failure is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
#pragma warning disable MA0054 // The parser's error may quote the password.
            throw new ArgumentException(
                "The connection string is malformed. "
                + "Use 'Host=…;Port=…;Database=…;Username=…;Password=…', and quote values that contain a ';'.");
#pragma warning restore MA0054
        }
    }
}
