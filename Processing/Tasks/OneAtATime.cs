namespace Orleans.Pipeline.Tasks;

/// <summary>Runs requests one at a time, in the order of their arrival.</summary>
internal sealed class OneAtATime
{
    private readonly SemaphoreSlim _turn = new(1);

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
