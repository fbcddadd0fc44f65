namespace Orleans.Pipeline.Tasks;

/// <summary>Runs requests one at a time, in the order in which they came.</summary>
internal sealed class OneAtATime
{
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Waits for the request's turn, and runs it.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Stops waiting for the turn.</param>
    public async Task RunAsync(Func<Task> request, CancellationToken cancellationToken = default)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await request();
        }
        finally
        {
            _turn.Release();
        }
    }
}
