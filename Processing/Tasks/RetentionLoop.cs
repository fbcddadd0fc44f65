using Microsoft.Extensions.Logging;

namespace Orleans.Pipeline.Tasks;

/// <summary>Applies retention at an interval, whenever it is this process's turn.</summary>
internal sealed partial class RetentionLoop(
    ITopicStore store, TimeSpan interval, TimeProvider timeProvider, ILogger logger, Func<bool>? isMyTurn = null)
{
    private CancellationTokenSource _stopping = new();
    private Task _loop = Task.CompletedTask;

    /// <summary>Starts the loop, also once more after a stop.</summary>
    public void Start()
    {
        _stopping = new();
        _loop = RunAsync();
    }

    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _loop;
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(interval, timeProvider);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
            {
                if (isMyTurn is null || isMyTurn())
                {
                    await TrimAsync();
                }
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
        }
    }

    private async ValueTask TrimAsync()
    {
        try
        {
            var removed = await store.TrimAsync(timeProvider.GetUtcNow(), _stopping.Token);
            if (removed > 0)
            {
                LogRemoved(logger, removed);
            }
        }
        catch (Exception error) when (!_stopping.IsCancellationRequested)
        {
            // Whatever failed, the next interval tries again: a loop that ended would keep every record from then on.
            LogFailed(logger, error.Message);
        }
    }

    [LoggerMessage(EventId = 20, Level = LogLevel.Debug, Message = "Retention removed {Records} records")]
    private static partial void LogRemoved(ILogger logger, long records);

    [LoggerMessage(EventId = 21, Level = LogLevel.Warning, Message = "Retention was not applied and will be retried at the next interval: {Error}")]
    private static partial void LogFailed(ILogger logger, string error);
}
