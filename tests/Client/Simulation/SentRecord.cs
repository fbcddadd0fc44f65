namespace Orleans.Pipeline.Client.Tests.Simulation;

/// <summary>A record of a simulated sender, and what became of it.</summary>
internal sealed record SentRecord(string? Key, string Value, int Number, bool IsEnqueued)
{
    /// <summary>Where the producer said it is.</summary>
    public SendResult? Result { get; private set; }

    /// <summary>Why the producer said it is nowhere.</summary>
    public Exception? Error { get; private set; }

    /// <summary>Completes, without an error, with the send.</summary>
    public Task Outcome { get; private set; } = Task.CompletedTask;

    public void Send(Producer producer) => Outcome = SendAsync(producer);

    private async Task SendAsync(Producer producer)
    {
        try
        {
            if (IsEnqueued)
            {
                await producer.EnqueueAsync(Key, Value);
            }
            else
            {
                Result = await producer.SendAsync(Key, Value);
            }
        }
        catch (PipelineException failure)
        {
            Error = failure;
        }
    }
}
