using Orleans.Pipeline.Storage.Postgres.Connections;
using static Orleans.Pipeline.Storage.Postgres.Connections.Commands;

namespace Orleans.Pipeline.Storage.Postgres.Checkpoints;

internal sealed class PausedPipelines(Database database)
{
    private readonly string _set =
        $"INSERT INTO {database.Schema}.pipelines (name, paused) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET paused = excluded.paused";

    private readonly string _get = $"SELECT paused FROM {database.Schema}.pipelines WHERE name = $1";

    public async ValueTask SetAsync(string pipeline, bool paused, CancellationToken cancellationToken) => await database.UseAsync(
        async (connection, cancellation) =>
        {
            await using var command = connection.Command(_set, Of(pipeline), Of(paused));
            return await command.ExecuteNonQueryAsync(cancellation);
        },
        cancellationToken);

    public ValueTask<bool> ContainsAsync(string pipeline, CancellationToken cancellationToken) => database.UseAsync(
        async (connection, cancellation) =>
        {
            await using var command = connection.Command(_get, Of(pipeline));
            return await command.ExecuteScalarAsync(cancellation) is true;
        },
        cancellationToken);
}
