using Npgsql;

namespace Orleans.Pipeline.Storage.Postgres.Connections;

/// <summary>The server's settings that every session of a store has, and the check that the server does keep them.</summary>
/// <remarks>
/// The store finds rows only by key, but the statistics of a new table would mislead the planner. So scans are off, and one plan serves all
/// values. Acknowledged data is on the disk, even if the database's default is asynchronous.
/// </remarks>
internal static class SessionSettings
{
    private static readonly (string Name, string Value)[] Forced =
    [
        ("enable_seqscan", "off"),
        ("enable_bitmapscan", "off"),
        ("plan_cache_mode", "force_generic_plan"),
        ("synchronous_commit", "on"),
        ("jit", "off"),
    ];

    /// <summary>The settings as options of a connection.</summary>
    public static string Options { get; } = string.Join(' ', Forced.Select(static setting => $"-c {setting.Name}={setting.Value}"));

    /// <summary>Checks that a session has the settings, which a pooler on the way may drop.</summary>
    /// <exception cref="StoreUnusableException">It does not.</exception>
    public static async Task CheckAsync(string database, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var different = await ReadDifferentAsync(connection, cancellationToken);
        if (different.Count > 0)
        {
            throw new StoreUnusableException(
                $"The {database} does not keep the settings of the store's sessions: {string.Join(", ", different)}. A connection pooler on "
                + "the way, such as PgBouncer with ignore_startup_parameters=options, drops them, and appends might then not be durable. "
                + "Connect to the server itself.");
        }
    }

    private static async Task<List<string>> ReadDifferentAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var different = new List<string>();
        foreach (var (name, value) in Forced)
        {
            await using var show = connection.Command($"SHOW {name}");
            var found = (string?)await show.ExecuteScalarAsync(cancellationToken);
            if (found != value)
            {
                different.Add($"{name} is {found}, not {value}");
            }
        }

        return different;
    }
}
