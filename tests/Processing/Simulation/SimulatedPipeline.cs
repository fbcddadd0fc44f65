using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Pipeline.Tasks;

namespace Orleans.Pipeline.Processing.Tests.Simulation;

/// <summary>A value between the simulated steps: one of the copies that a record yields.</summary>
/// <param name="Partition">The partition of its record.</param>
/// <param name="Offset">The offset of its record.</param>
/// <param name="Fate">What happens to its record.</param>
/// <param name="Number">What it is about.</param>
/// <param name="Copy">Which copy it is.</param>
/// <param name="Error">What its record fails with, this time, after all copies were yielded.</param>
internal sealed record Item(int Partition, long Offset, Fate Fate, int Number, int Copy, Exception? Error = null)
{
    /// <summary>How many copies of a number the flat map yields: none, one or several.</summary>
    public static int CopiesOf(int number) => number % 4;

    /// <summary>The key under which it goes out; null for none.</summary>
    public string? OutKey => (Number % 5) switch { 0 => null, 1 => "", var other => $"out {other}" };

    public string Text => $"{Partition} {Offset} {Copy}";
}

/// <summary>The pipeline under simulation: every kind of step and sink, with random settings.</summary>
internal sealed class SimulatedPipeline
{
    public const int OutPartitions = 3;
    public const int DeadLetterPartitions = 2;

    public SimulatedPipeline(Random random, Network network, TimeProvider time, ISink<Item> sink)
    {
        Attempts = random.Next(1, 5);
        var catalog = new PipelineCatalog().Add("simulated", pipeline =>
        {
            pipeline.Profile(RandomProfile(random)).Retry(new RetrySettings { Attempts = Attempts, Delay = TimeSpan.FromMilliseconds(10) });
            var parsed = pipeline.From("source", Serializers.Text, stage: "work").Map(Parse, name: "parse");
            if (random.Next(2) == 0)
            {
                parsed = parsed.MapAsync(Wait, concurrency: 1_000, name: "wait");
            }

            var copies = parsed.FlatMap(Copy, name: "copy");
            copies.To(Table.Insert<Item>("rows").Column("partition", item => item.Partition).Column("text", item => item.Text));
            copies.To(Table.Insert<Item>(SimulatedStore.Checked).Column("fate", item => item.Fate.ToString()));
            copies.Where(_ => true)
                .To(Table.Add<Item>("sums").Key("bucket", item => item.Number % 5).Sum("items", _ => 1).Sum("total", item => item.Number))
                .To(Table.Upsert<Item>("latest").Key("partition", item => item.Partition).Key("bucket", item => item.Number % 7)
                    .Column("text", item => item.Text));
            copies.To(sink);
            copies.Map(item => item).To(Sink.Topic("out", OutPartitions), item => item.OutKey, new ItemSerializer());
        });
        Definition = catalog.Find("simulated")!;
        Program = new StageProgram(
            Definition,
            Definition.Stages[0],
            new ServiceCollection().BuildServiceProvider(),
            topic => topic == Definition.DeadLetters ? DeadLetterPartitions : OutPartitions,
            time,
            random);

        async ValueTask<Item> Wait(Item item, StepContext context, CancellationToken cancellationToken)
        {
            await network.PauseAsync();
            return item;
        }
    }

    public int Attempts { get; }

    /// <summary>The error of an attempt that a further one may mend.</summary>
    public static Exception TransientError(int attempt) =>
        attempt % 2 == 0 ? new IOException("not now") : new OperationCanceledException("too slow");

    /// <summary>Whether a record fails when its copies have reached the sinks, or in the first step.</summary>
    public static bool FailsLate(int number, Fate fate) => fate == Fate.FailsLate || number % 2 == 0;

    public PipelineDefinition Definition { get; }

    public StageProgram Program { get; }

    private static PipelineProfile RandomProfile(Random random) => PipelineProfile.Balanced with
    {
        BatchBytes = random.Next(100, 2000),
        ReadAheadBytes = random.Next(1, 6) * 500,
        ChunkRecords = random.Next(1, 20),
        CommitInterval = TimeSpan.FromMilliseconds(random.Next(2) * random.Next(50)),
        CommitBytes = random.Next(1, 3000),
    };

    private static Item Parse(string text, StepContext context)
    {
        var parts = text.Split(' ');
        var fate = parts.Length == 3 ? Enum.Parse<Fate>(parts[0]) : throw new FormatException("no value");
        if (fate == Fate.Malformed)
        {
            throw new FormatException("malformed");
        }

        var number = int.Parse(parts[2], CultureInfo.InvariantCulture);
        var error = context.Attempt > int.Parse(parts[1], CultureInfo.InvariantCulture)
            ? fate == Fate.FailsLate ? new PermanentException("failed late") : null
            : TransientError(context.Attempt);
        return error is null || FailsLate(number, fate)
            ? new Item(context.Source.Partition, context.Offset, fate, number, Copy: 0, error)
            : throw error;
    }

    private static IEnumerable<Item> Copy(Item item)
    {
        for (var copy = 0; copy < Item.CopiesOf(item.Number); copy++)
        {
            yield return item with { Copy = copy };
        }

        if (item.Error is not null)
        {
            throw item.Error;
        }
    }

    private sealed class ItemSerializer : ISerializer<Item>
    {
        public void Serialize(Item value, System.Buffers.IBufferWriter<byte> destination) =>
            Serializers.Text.Serialize(value.Text, destination);

        public Item Deserialize(ReadOnlyMemory<byte> bytes) => throw new NotSupportedException();
    }
}
