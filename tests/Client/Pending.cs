namespace Orleans.Pipeline.Client.Tests;

/// <summary>Something under way on a <see cref="ProducerBench"/>, to look at without waiting: nothing happens while a test waits.</summary>
internal sealed class Pending<T>(Task<T> task)
{
    public bool IsCompleted => task.IsCompleted;

    public bool IsDone => task.IsCompletedSuccessfully;

    /// <summary>What came of it; it must be done.</summary>
    public T Value =>
        IsDone ? task.GetAwaiter().GetResult() : throw new InvalidOperationException($"It is not done: {task.Status}.", Error);

    /// <summary>Why it failed; null if it did not, or not yet.</summary>
    public Exception? Error
    {
        get
        {
            if (task.IsCanceled)
            {
                return new OperationCanceledException();
            }

            return task.Exception?.InnerException;
        }
    }
}
