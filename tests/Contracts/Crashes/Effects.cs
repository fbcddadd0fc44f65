using System.Text;
using System.Text.Json;
using Orleans.Pipeline.Client;

namespace Orleans.Pipeline.Contracts;

/// <summary>Every effect that the numbers had, each in the order in which it took place.</summary>
public sealed class Effects
{
    private const int ReadBytes = 4 << 20;

    /// <summary>The records of the topic that the pipeline reads, partition after partition, and their places.</summary>
    public required List<((string Key, int Number) Record, SendResult Place)> Log { get; init; }

    /// <summary>The records of the topic that the pipeline writes.</summary>
    public required List<(string Key, int Number)> Copies { get; init; }

    /// <summary>The records that became dead letters.</summary>
    public required List<(string Key, int Number)> DeadLetters { get; init; }

    /// <summary>The rows of the first stage's table.</summary>
    public required List<(string Key, int Number)> Rows { get; init; }

    /// <summary>The rows of the second stage's table.</summary>
    public required List<(string Key, int Number)> CopyRows { get; init; }

    /// <summary>Records and their total, by key, of the table of counters.</summary>
    public required Dictionary<string, (long Records, long Total)> Counts { get; init; }

    /// <summary>The lines of the files, task after task.</summary>
    public required List<(string Key, int Number)> Lines { get; init; }

    /// <summary>Whether a record's line may be there twice, because nothing fenced the files.</summary>
    public bool AreLinesAtLeastOnce { get; init; }

    /// <summary>Reads the records of a topic.</summary>
    public static async Task<List<((string Key, int Number) Record, SendResult Place)>> RecordsAsync(PipelineClient client, string topic)
    {
        var records = new List<((string, int), SendResult)>();
        var found = await client.Topics.FindTopicAsync(topic);
        for (var partition = 0; partition < found!.Settings.Partitions; partition++)
        {
            var (source, offset) = (new TopicPartition(topic, partition), 0L);
            while (await client.Topics.ReadAsync(source, offset, ReadBytes, TimeSpan.Zero) is { Count: > 0 } batches)
            {
                foreach (var batch in batches)
                {
                    Assert.Equal(offset, batch.BaseOffset);
                    offset = batch.NextOffset;
                    Add(batch, source, records);
                }
            }
        }

        return records;
    }

    /// <summary>Reads the numbers of a topic.</summary>
    public static async Task<List<(string Key, int Number)>> NumbersAsync(PipelineClient client, string topic) =>
        (await RecordsAsync(client, topic)).ConvertAll(record => record.Record);

    /// <summary>Reads the lines of the files in a directory.</summary>
    public static IEnumerable<(string Key, int Number)> LinesOf(string directory) => Directory.EnumerateFiles(directory, "*.jsonl")
        .Order(StringComparer.Ordinal).SelectMany(File.ReadLines).Select(line => Parse(Encoding.UTF8.GetBytes(line)));

    private static void Add(RecordBatch batch, TopicPartition source, List<((string, int), SendResult)> records)
    {
        foreach (var record in batch)
        {
            records.Add((Parse(record.Value), new SendResult(source, record.Offset)));
        }
    }

    /// <summary>Reads a number, also where it is written as a text.</summary>
    private static (string Key, int Number) Parse(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var number = document.RootElement.GetProperty("number");
        return (
            document.RootElement.GetProperty("key").GetString()!,
            number.ValueKind == JsonValueKind.Number ? number.GetInt32() : int.Parse(number.GetString()!, System.Globalization.CultureInfo.InvariantCulture));
    }
}
