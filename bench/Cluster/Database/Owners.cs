using System.Globalization;
using Npgsql;

namespace Orleans.Pipeline.Bench.Cluster.Database;

/// <summary>The silo that commits each partition, recorded by the database at the first commit of each owner.</summary>
internal sealed class Owners : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<int, string> _owners = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _listening = Task.CompletedTask;

    private Owners(NpgsqlConnection connection) => _connection = connection;

    /// <summary>Starts to watch a database. The store's tables must exist.</summary>
    public static async Task<Owners> WatchAsync(string connectionString)
    {
        var owners = new Owners(new NpgsqlConnection(connectionString));
        await owners._connection.OpenAsync();
        owners._connection.Notification += (_, news) => owners.Note(news.Payload.Split(' '));
        using var script = new StreamReader(typeof(Owners).Assembly.GetManifestResourceStream("owners.sql")!);
        await using var command = new NpgsqlCommand($"{await script.ReadToEndAsync()}; LISTEN owners", owners._connection);
        await command.ExecuteNonQueryAsync();
        owners._listening = owners.ListenAsync();
        return owners;
    }

    /// <summary>The partitions of each silo.</summary>
    public ILookup<string, int> BySilo
    {
        get
        {
            lock (_lock)
            {
                return _owners.ToLookup(owner => owner.Value, owner => owner.Key);
            }
        }
    }

    public async Task WhenAsync(Func<ILookup<string, int>, bool> holds)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                changed = _changed.Task;
            }

            if (holds(BySilo))
            {
                return;
            }

            await changed.WaitAsync(TimeSpan.FromMinutes(2));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _listening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _connection.DisposeAsync();
    }

    private async Task ListenAsync()
    {
        while (true)
        {
            await _connection.WaitAsync(_stopping.Token);
        }
    }

    private void Note(string[] news)
    {
        lock (_lock)
        {
            _owners[int.Parse(news[0], CultureInfo.InvariantCulture)] = news[1];
            _changed.SetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
