using System.Globalization;
using System.Text;

namespace Orleans.Pipeline.Cluster.Tests;

/// <summary>
/// A pipeline that copies numbers from a topic of eight partitions to another, partition by partition, and what it must give.
/// </summary>
internal static class Numbers
{
    public const int Partitions = 8;

    public static TopicName Source => "numbers";

    public static TopicName Output => "copies";

    public static void Define(PipelineCatalog pipelines) => pipelines.Add("copy", pipeline => pipeline
        .Profile(PipelineProfile.Balanced)
        .From("numbers", Serializers.Text, partitions: Partitions)
        .Map(text => long.Parse(text, CultureInfo.InvariantCulture))
        .Map(number => $"{number}")
        .To(Sink.Topic("copies", Partitions), key: null, Serializers.Text));

    public static TaskId TaskOf(int partition) => new("copy", "numbers", partition);

    /// <summary>Appends the same numbers to every partition, or to one.</summary>
    public static async Task AppendAsync(ITopicLog log, long first, int count, int? only = null)
    {
        var builder = new RecordBatchBuilder();
        for (var number = first; number < first + count; number++)
        {
            builder.Append(default, Encoding.UTF8.GetBytes($"{number}"), timestamp: DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        }

        var batch = builder.Build();
        await Task.WhenAll((only is { } one ? [one] : Enumerable.Range(0, Partitions)).Select(
            partition => log.AppendAsync(new TopicPartition(Source, partition), RecordBatch.Trust(batch.Bytes.ToArray())).AsTask()));
    }

    public static Task WhenCommittedAsync(TestCluster cluster, long offset) =>
        Task.WhenAll(Enumerable.Range(0, Partitions).Select(partition => cluster.WhenCommittedAsync(TaskOf(partition), offset)));

    /// <summary>Every partition of the output must hold every number once, in order.</summary>
    public static async Task AssertCopiedAsync(ITopicLog log, int count)
    {
        for (var partition = 0; partition < Partitions; partition++)
        {
            Assert.Equal(
                Enumerable.Range(0, count).Select(number => (long)number), await ReadAsync(log, new TopicPartition(Output, partition)));
        }
    }

    /// <summary>Reads every number of a partition.</summary>
    public static async Task<List<long>> ReadAsync(ITopicLog log, TopicPartition partition)
    {
        var values = new List<long>();
        var end = (await log.GetBoundsAsync(partition)).End;
        for (var offset = 0L; offset < end;)
        {
            foreach (var batch in await log.ReadAsync(partition, offset, 4 << 20, TimeSpan.Zero))
            {
                foreach (var record in batch)
                {
                    values.Add(long.Parse(record.ValueSpan, CultureInfo.InvariantCulture));
                }

                offset = batch.NextOffset;
            }
        }

        return values;
    }
}
