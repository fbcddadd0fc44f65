using System.Net.Sockets;
using Npgsql;

namespace Orleans.Pipeline.Storage.Postgres.Connections;

/// <summary>Classifies and explains errors of the database.</summary>
internal static class Failure
{
    /// <summary>Raised by the store's SQL functions; see Schema/Functions/checkpoints.sql.</summary>
    public const string CommitRefused = "PIP01";
    public const string CommitRepeated = "PIP02";
    public const string UnknownPartition = "PIP03";
    public const string SourceChanged = "PIP04";
    public const string TopicInUse = "PIP05";
    public const string UnknownTask = "PIP06";
    public const string Settled = "PIP07";
    public const string OutOfRange = "PIP08";

    /// <summary>Returns whether the database or the connection failed. Errors of the store's functions are answers, not failures.</summary>
    public static bool IsFromDatabase(Exception failure) => failure is PostgresException refused
        ? !refused.SqlState.StartsWith("PIP", StringComparison.Ordinal)
        : failure is NpgsqlException or SocketException or IOException or TimeoutException;

    /// <summary>
    /// Returns whether the transaction collided with another one (a deadlock, a dropped segment) and can be repeated at once.
    /// </summary>
    public static bool IsCollision(Exception failure) => failure is PostgresException
    {
        SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.UndefinedTable,
    };

    /// <summary>Returns whether the connection is lost, rather than a statement refused.</summary>
    public static bool IsOfConnection(Exception failure) =>
        failure is not PostgresException refused || refused.SqlState.StartsWith("57P", StringComparison.Ordinal);

    /// <summary>Returns whether a sink table has changed since the store checked it.</summary>
    public static bool IsFaultOfTable(PostgresException failure) => failure.SqlState is PostgresErrorCodes.UndefinedTable
        or PostgresErrorCodes.UndefinedColumn or PostgresErrorCodes.DatatypeMismatch or PostgresErrorCodes.InvalidColumnReference
        or PostgresErrorCodes.WrongObjectType or PostgresErrorCodes.NotNullViolation;

    /// <summary>Returns whether the setup of the database or the store must change, because waiting does not help.</summary>
    public static bool IsUnusable(Exception failure) => failure switch
    {
        PostgresException refused => !IsPassing(refused.SqlState),
        NpgsqlException broken => !broken.IsTransient && broken.InnerException is not (SocketException or TimeoutException),
        _ => false,
    };

    public static StoreUnavailableException Unavailable(string database, Exception failure) =>
        new($"The {database} cannot be used for now: {Reason(failure)}. Try again later.", failure);

    public static StoreUnusableException Unusable(string database, Exception failure) =>
        new($"The {database} cannot be used: {Reason(failure)}. {Advice(failure)}", failure);

    /// <summary>
    /// Returns whether waiting may help: connections (08), no room on the disk, in memory or for connections (53), interventions and
    /// restarts (57), the system (58), a standby that cannot write yet, locks (55), deadlocks (40).
    /// </summary>
    private static bool IsPassing(string sqlState) =>
        sqlState[..2] is "08" or "40" or "53" or "57" or "58" or "55" || sqlState == PostgresErrorCodes.ReadOnlySqlTransaction;

    private static string Reason(Exception failure) => failure switch
    {
        PostgresException refused => $"{refused.MessageText.TrimEnd('.')} ({refused.SqlState})",
        { InnerException: SocketException socket } => socket.Message,
        { InnerException: { } inner } and NpgsqlException => $"{failure.Message.TrimEnd('.')}: {inner.Message.TrimEnd('.')}",
        _ => failure.Message.TrimEnd('.'),
    };

    private static string Advice(Exception failure) => failure is PostgresException refused
        ? refused.SqlState switch
        {
            PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
                "Correct the user name or password.",
            PostgresErrorCodes.InvalidCatalogName => "Create the database, or correct its name.",
            PostgresErrorCodes.InsufficientPrivilege =>
                "Allow the user to create schemas and tables, or create the store's schema with that user as its owner.",
            _ => "Correct the connection string or the database.",
        }
        : "Check that a PostgreSQL server answers there.";
}
