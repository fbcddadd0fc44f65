using Microsoft.Extensions.Logging;

namespace Orleans.Pipeline.Tasks;

/// <summary>
/// At an interval notes what this host defines. While it is this process's turn, also lets go of checkpoints that no host has defined for
/// long, and applies retention.
/// </summary>
internal sealed partial class HousekeepingLoop(
    ITopicStore store,
    UndefinedStages undefined,
    TimeSpan interval,
    TimeProvider timeProvider,
    ILogger logger,
    Func<bool>? isMyTurn = null)
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
            await LookAsync(isMyTurn: false);
            while (await timer.WaitForNextTickAsync(_stopping.Token))
            {
                var isTurn = isMyTurn is null || isMyTurn();
                await LookAsync(isTurn);
                if (isTurn)
                {
                    await TrimAsync();
                }
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
        }
    }

    private async ValueTask LookAsync(bool isMyTurn)
    {
        try
        {
            await undefined.LookAsync(isMyTurn, _stopping.Token);
        }
        catch (Exception error) when (!_stopping.IsCancellationRequested)
        {
            LogNotLooked(logger, error.Message);
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
            // The next interval tries again after any error. If the loop ended here, no record would be removed any more.
            LogFailed(logger, error.Message);
        }
    }

    [LoggerMessage(
        EventId = 22,
        Level = LogLevel.Warning,
        Message = "Checkpoints were not compared with the definitions; this is tried again: {Error}")]
    private static partial void LogNotLooked(ILogger logger, string error);

    [LoggerMessage(EventId = 20, Level = LogLevel.Debug, Message = "Retention removed {Records} records")]
    private static partial void LogRemoved(ILogger logger, long records);

    [LoggerMessage(
        EventId = 21,
        Level = LogLevel.Warning,
        Message = "Retention was not applied and will be retried at the next interval: {Error}")]
    private static partial void LogFailed(ILogger logger, string error);
}
