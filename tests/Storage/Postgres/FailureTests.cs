using System.Net.Sockets;
using Npgsql;
using Orleans.Pipeline.Storage.Postgres.Connections;

namespace Orleans.Pipeline.Storage.Tests.Postgres;

/// <summary>Which errors of the database pass, and which do not.</summary>
public sealed class FailureTests
{
    [Theory]
    [InlineData("53300")] // too many connections
    [InlineData("53100")] // disk full
    [InlineData("53200")] // out of memory
    [InlineData("57P01")] // terminated by an administrator
    [InlineData("57P02")] // crash
    [InlineData("57P03")] // starting up
    [InlineData("57014")] // statement timeout
    [InlineData("55P03")] // lock timeout
    [InlineData("58030")] // I/O error
    [InlineData("08006")] // connection failure
    [InlineData("25006")] // a standby that will be promoted
    [InlineData("40P01")] // deadlock
    public void What_passes_is_unavailable(string sqlState) => Assert.False(Failure.IsUnusable(Refusal(sqlState)));

    [Theory]
    [InlineData("28P01")] // wrong password
    [InlineData("28000")] // no such user
    [InlineData("3D000")] // no such database
    [InlineData("42501")] // not permitted
    public void What_somebody_must_correct_is_unusable(string sqlState) => Assert.True(Failure.IsUnusable(Refusal(sqlState)));

    [Fact]
    public void A_connection_that_broke_or_was_refused_is_unavailable()
    {
        Assert.False(Failure.IsUnusable(new NpgsqlException("Failed to connect", new SocketException((int)SocketError.ConnectionRefused))));
        Assert.False(Failure.IsUnusable(new NpgsqlException("Exception while reading from stream", new IOException())));
        Assert.False(Failure.IsUnusable(new NpgsqlException("Exception while reading from stream", new TimeoutException())));
    }

    private static PostgresException Refusal(string sqlState) => new("refused", "FATAL", "FATAL", sqlState);
}
