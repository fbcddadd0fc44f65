using Microsoft.Extensions.Time.Testing;

namespace Orleans.Pipeline.Client.Tests;

/// <summary>
/// A producer on an <see cref="InMemoryLog"/>, with time and threads in the test's hand: nothing happens but in its calls.
/// </summary>
internal sealed class ProducerBench
{
    private readonly Queue<Action> _work = new();

    public ProducerBench(int partitions = 1, Func<ProducerSettings, ProducerSettings>? configure = null, string topic = "orders")
    {
        Log = new(partitions, _work.Enqueue);
        var settings = new ProducerSettings { TimeProvider = Time, Random = new Random(1) };
        Producer = new(Log, topic, configure?.Invoke(settings) ?? settings, item => _work.Enqueue(item.Execute));
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public InMemoryLog Log { get; }

    public Producer Producer { get; }

    /// <summary>Sends a record.</summary>
    public Pending<SendResult> Send(string? key, string? value, CancellationToken cancellationToken = default) =>
        new(Run(() => Producer.SendAsync(key, value, cancellationToken).AsTask()));

    /// <summary>Sends a record.</summary>
    public Pending<SendResult> Send(ProducerRecord record) => new(Run(() => Producer.SendAsync(record).AsTask()));

    /// <summary>Enqueues a record.</summary>
    public Pending<bool> Enqueue(string? key, string? value) => Start(() => Producer.EnqueueAsync(key, value).AsTask());

    /// <summary>Flushes.</summary>
    public Pending<bool> Flush() => Start(() => Producer.FlushAsync());

    /// <summary>Disposes of the producer.</summary>
    public Pending<bool> Dispose() => Start(() => Producer.DisposeAsync().AsTask());

    /// <summary>Lets an append that is held arrive, and answers it.</summary>
    public void Answer(int held = 0) => Run(() =>
    {
        Log.Answer(held);
        return true;
    });

    /// <summary>Lets time pass, in steps of at most 10 ms, and what each brings about happen.</summary>
    public void Pass(TimeSpan time)
    {
        for (var step = TimeSpan.FromMilliseconds(10); time > TimeSpan.Zero; time -= step)
        {
            Run(() =>
            {
                Time.Advance(time < step ? time : step);
                return true;
            });
        }
    }

    /// <summary>Lets milliseconds pass, and what they bring about happen.</summary>
    public void Pass(double milliseconds) => Pass(TimeSpan.FromMilliseconds(milliseconds));

    private Pending<bool> Start(Func<Task> action)
    {
        static async Task<bool> CompleteAsync(Task task)
        {
            await task;
            return true;
        }

        return new(Run(() => CompleteAsync(action())));
    }

    /// <summary>Does something and all that it brings about, on this thread; the test's own context would bring in others.</summary>
    private T Run<T>(Func<T> action)
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            var result = action();
            while (_work.TryDequeue(out var work))
            {
                work();
            }

            return result;
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }
}
