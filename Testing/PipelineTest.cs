using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Pipeline.Testing.Calls;
using Orleans.Pipeline.Testing.Crashes;
using Orleans.Pipeline.Testing.Results;
using Orleans.Pipeline.Testing.Running;

namespace Orleans.Pipeline.Testing;

/// <summary>
/// Runs the pipelines of an application in memory, on the thread of the test. Each call returns when the pipelines have nothing left to do
/// at the time of the test's clock. The same calls give the same results in every run.
/// </summary>
/// <remarks>
/// Topics, tables and steps are those of the definitions, and the tasks are those of the product. Commits and deliveries wait for nothing,
/// whatever the profile says, and a call that fails is tried again at once. A record whose step failed is tried again when the clock has
/// passed its wait.
/// </remarks>
public sealed partial class PipelineTest : IDisposable
{
    private readonly Setup _setup;
    private readonly int? _seed;
    private readonly (int Place, Fault Fault)? _plan;
    private readonly List<Watched> _watched = [];
    private TestRun? _run;
    private bool _isDisposed;

    internal PipelineTest(Setup setup, int? seed, (int Place, Fault Fault)? plan) => (_setup, _seed, _plan) = (setup, seed, plan);

    /// <summary>Gets the time of the clock, which begins at 2000-01-01T00:00:00Z and moves only by the test.</summary>
    public DateTimeOffset Now { get; private set; } = Clocks.ManualClock.Beginning;

    /// <summary>Gets the clock. Steps, sinks and services get it as their <see cref="TimeProvider"/>.</summary>
    public TimeProvider Clock => Run.World.Clock;

    /// <summary>Gets the services of the process that runs the pipelines.</summary>
    public IServiceProvider Services => Run.Node.Services;

    internal IReadOnlyList<Watched> WatchedValues => _watched;

    internal TestRun Run
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _run ??= TestRun.Start(_setup, _seed, _plan);
        }
    }

    internal Contents Contents => new(Run.World.Database, Run.Node.Catalog);

    /// <summary>Makes a test of pipelines. They start at the first call.</summary>
    /// <param name="define">Adds the pipelines, as for an engine.</param>
    /// <param name="configure">Registers the services of steps and sinks; null for none.</param>
    public static PipelineTest For(Action<PipelineCatalog> define, Action<IServiceCollection>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(define);
        return new(new Setup(define, configure), seed: null, plan: null);
    }

    /// <summary>Sends a record to a topic that a stage reads, and runs the pipelines.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="key">The key, which selects the partition; null for none, and partition 0.</param>
    /// <param name="value">
    /// The value, of the type that the stage reads; null for no value. A stage that reads bytes is sent bytes, or text as UTF-8.
    /// </param>
    /// <param name="at">The record's time; null for that of the clock. The clock does not move.</param>
    /// <param name="partition">The partition; null for that of the key.</param>
    /// <param name="headers">The headers; null for none.</param>
    /// <exception cref="PipelineTestException">No stage reads the topic, or none as the value's type.</exception>
    public void Send(
        string topic,
        string? key,
        object? value,
        DateTimeOffset? at = null,
        int? partition = null,
        IReadOnlyList<Header>? headers = null)
    {
        ArgumentNullException.ThrowIfNull(topic);
        Append(TextOf(topic, key), topic, [new(key, Contents.Values.Write(topic, value), at ?? Now, partition, headers)]);
    }

    /// <summary>Sends several records to a topic that a stage reads, and then runs the pipelines, which may commit them together.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="records">The key and the value of each record, as for <see cref="Send"/>.</param>
    /// <exception cref="PipelineTestException">No stage reads the topic, or none as the type of a value; nothing was sent.</exception>
    public void SendAll(string topic, params IEnumerable<(string? Key, object? Value)> records)
    {
        ArgumentNullException.ThrowIfNull(topic);
        ArgumentNullException.ThrowIfNull(records);
        var values = Contents.Values;
        Append($"SendAll(\"{topic}\")", topic, [.. records.Select(record => new Sent(record.Key, values.Write(topic, record.Value), Now))]);
    }

    /// <summary>Sends a record whose bytes a test has made, such as a value that does not parse, and runs the pipelines.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="key">The key, which selects the partition; null for none, and partition 0.</param>
    /// <param name="value">The bytes of the value.</param>
    /// <param name="at">The record's time; null for that of the clock. The clock does not move.</param>
    /// <param name="partition">The partition; null for that of the key.</param>
    /// <param name="headers">The headers; null for none.</param>
    /// <exception cref="PipelineTestException">No stage reads the topic.</exception>
    public void SendBytes(
        string topic,
        string? key,
        ReadOnlyMemory<byte> value,
        DateTimeOffset? at = null,
        int? partition = null,
        IReadOnlyList<Header>? headers = null)
    {
        ArgumentNullException.ThrowIfNull(topic);
        Contents.Values.RequireReader(topic);
        Append(TextOf(topic, key), topic, [new(key, value, at ?? Now, partition, headers)]);
    }

    /// <summary>Moves the clock, and runs what falls due until then, each at its time.</summary>
    /// <param name="time">The time, not before <see cref="Now"/>.</param>
    /// <exception cref="PipelineTestException">The time is before that of the clock.</exception>
    public void AdvanceTo(DateTimeOffset time)
    {
        if (time < Now)
        {
            throw new PipelineTestException($"The clock is at {Now:O} and cannot go back to {time:O}.");
        }

        Act($"AdvanceTo({time:O})", () => Run.Advance(time - Now));
        Now = time.ToUniversalTime();
    }

    /// <summary>Moves the clock forward, and runs what falls due until then, each at its time.</summary>
    /// <param name="time">By how much.</param>
    /// <exception cref="PipelineTestException">The time is negative.</exception>
    public void AdvanceBy(TimeSpan time) => AdvanceTo(Now + time);

    /// <summary>Gets a sink table.</summary>
    /// <param name="name">The table.</param>
    /// <exception cref="PipelineTestException">No pipeline writes the table; the message names those that are written.</exception>
    public TestTable Table(string name) => Contents.GetTable(name);

    /// <summary>Gets a topic.</summary>
    /// <param name="name">The topic.</param>
    /// <exception cref="PipelineTestException">There is no such topic; the message names those that exist.</exception>
    public TestTopic Topic(string name) => Contents.GetTopic(name);

    /// <summary>Disposes of the services.</summary>
    public void Dispose()
    {
        if (!_isDisposed)
        {
            _run?.Stop();
            _isDisposed = true;
        }
    }

    private static string TextOf(string topic, string? key) =>
        key is null ? $"Send(\"{topic}\", null)" : $"Send(\"{topic}\", \"{key}\")";

    /// <summary>Returns a span that is none only for null: an empty key is a key.</summary>
    private static ReadOnlySpan<byte> SpanOf(ReadOnlyMemory<byte>? bytes) =>
        bytes is not { } present ? default : present.IsEmpty ? ""u8 : present.Span;

    private void Append(string text, string topic, IReadOnlyList<Sent> records)
    {
        var store = Run.World.Store;
        var partitions = Run.Do(async () => (await store.FindTopicAsync(new(topic)))!.Settings.Partitions);
        if (records.FirstOrDefault(record => record.Partition < 0 || record.Partition >= partitions) is { } misplaced)
        {
            throw new PipelineTestException(
                $"Topic '{topic}' has {partitions} partitions; partition {misplaced.Partition} does not exist.");
        }

        Act(text, () => Run.Do(async () =>
        {
            foreach (var record in records)
            {
                await store.AppendAsync(new(topic, record.PartitionOf(partitions)), record.ToBatch());
            }

            return true;
        }));
    }

    private sealed record Sent(
        string? Key, ReadOnlyMemory<byte>? Value, DateTimeOffset At, int? Partition = null, IReadOnlyList<Header>? Headers = null)
    {
        private readonly ReadOnlyMemory<byte>? _key = Key is null ? null : (ReadOnlyMemory<byte>?)Encoding.UTF8.GetBytes(Key);

        public int PartitionOf(int partitions) => Partition ?? (_key is { } key ? KeyPartitioner.PartitionOf(key.Span, partitions) : 0);

        public RecordBatch ToBatch()
        {
            var batch = new RecordBatchBuilder(capacity: 256);
            batch.Append(SpanOf(_key), SpanOf(Value), At.ToUnixTimeMilliseconds(), Headers);
            return batch.Build();
        }
    }
}
