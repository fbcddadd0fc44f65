namespace Orleans.Pipeline.Processing.Tests.Simulation;

/// <summary>
/// What lies between a process and everything outside of it: calls take their time, are lost, or succeed while their answer is
/// lost. A process that has died hears of nothing any more.
/// </summary>
internal sealed class Network(Random random, TimeProvider time, int failuresIn100)
{
    public async ValueTask<T> CallAsync<T>(Node node, Func<ValueTask<T>> effect, CancellationToken cancellationToken)
    {
        await PauseAsync();
        await StopIfDeadAsync(node);
        StopIfCancelled(cancellationToken);
        MayFail("the call was lost");
        var answer = await effect();
        await PauseAsync();
        await StopIfDeadAsync(node);
        StopIfCancelled(cancellationToken);
        MayFail("the answer was lost");
        return answer;
    }

    /// <summary>Completes at once, after other ready continuations, or after some simulated time.</summary>
    public async ValueTask PauseAsync()
    {
        switch (random.Next(6))
        {
            case 0:
                await Task.Delay(TimeSpan.FromMilliseconds(random.Next(1, 60)), time);
                break;
            case 1 or 2:
                await Task.Yield();
                break;
        }
    }

    public bool Happens(int in100) => random.Next(100) < in100;

    /// <summary>Lets a call that its caller believes lost take effect later.</summary>
    public async void TakeEffectLate(Func<Task> effect)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(random.Next(1, 400)), time);
        try
        {
            await effect();
        }
        catch (PipelineException)
        {
            // No caller waits for the answer.
        }
    }

    public static Task StopIfDeadAsync(Node node) => node.IsDead ? new TaskCompletionSource().Task : Task.CompletedTask;

    public void MayFail(string what)
    {
        if (Happens(failuresIn100))
        {
            throw random.Next(3) switch
            {
                0 => new StoreUnavailableException($"Simulated: {what}."),
                1 => new TimeoutException($"Simulated: {what}."),
                _ => new OperationCanceledException($"Simulated: {what}."),
            };
        }
    }

    private void StopIfCancelled(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested && random.Next(2) == 0)
        {
            throw new OperationCanceledException(cancellationToken);
        }
    }
}
