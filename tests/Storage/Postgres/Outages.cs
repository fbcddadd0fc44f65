namespace Orleans.Pipeline.Storage.Tests.Postgres;

/// <summary>Crashes a server and starts it, and lets those whom that hit try again once it is back.</summary>
internal sealed class Outages(PostgresServer server)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _up = Up();

    public async Task CrashAndStartAsync()
    {
        lock (_gate)
        {
            _up = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        await server.CrashAsync();
        await server.StartAgainAsync();
        lock (_gate)
        {
            _up.SetResult();
        }
    }

    public async Task<T> RetryAsync<T>(Func<Task<T>> attempt)
    {
        while (true)
        {
            try
            {
                return await attempt();
            }
            catch (StoreUnavailableException)
            {
                Task up;
                lock (_gate)
                {
                    up = _up.Task;
                }

                await up;
            }
        }
    }

    private static TaskCompletionSource Up()
    {
        var up = new TaskCompletionSource();
        up.SetResult();
        return up;
    }
}
