using System.Text.Json;
using Microsoft.Data.Sqlite;
using Orleans.Pipeline.Client;
using Orleans.Pipeline.CrashHost;
using Orleans.Pipeline.Records;
using Orleans.Pipeline.Topics;

namespace Orleans.Pipeline.EndToEnd.Tests.Crashes;

/// <summary>Reads back every effect that the numbers had, each in the order in which it took place.</summary>
internal static class Effects
{
    private const int ReadBytes = 4 << 20;

    /// <summary>The rows of a table that only grows.</summary>
    public static List<(string Key, int Number)> Rows(string database, string table) =>
        Query(database, $"SELECT name, number FROM {table} ORDER BY rowid", row => (row.GetString(0), row.GetInt32(1)));

    /// <summary>Records and their total, by key, of the table of counters.</summary>
    public static Dictionary<string, (long Records, long Total)> Counts(string database) =>
        Query(database, $"SELECT name, records, total FROM {NumbersPipeline.CountsTable}", row => (Key: row.GetString(0), Records: row.GetInt64(1), Total: row.GetInt64(2)))
            .ToDictionary(row => row.Key, row => (row.Records, row.Total));

    /// <summary>The records of a topic, partition after partition, and their places.</summary>
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

    /// <summary>The lines of the files, task after task.</summary>
    public static List<(string Key, int Number)> Lines(string directory) =>
        [.. Directory.EnumerateFiles(directory, "*.jsonl").Order(StringComparer.Ordinal).SelectMany(File.ReadLines).Select(line => Parse(System.Text.Encoding.UTF8.GetBytes(line)))];

    private static void Add(RecordBatch batch, TopicPartition source, List<((string, int), SendResult)> records)
    {
        foreach (var record in batch)
        {
            records.Add((Parse(record.Value.Span), new SendResult(source, record.Offset)));
        }
    }

    private static (string Key, int Number) Parse(ReadOnlySpan<byte> json)
    {
        var number = JsonSerializer.Deserialize(json, NumbersJson.Default.Numbered)!;
        return (number.Key, number.Number);
    }

    private static List<T> Query<T>(string database, string sql, Func<SqliteDataReader, T> read)
    {
        SQLitePCL.Batteries_V2.Init();
        using var connection = new SqliteConnection($"Data Source={database};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var rows = command.ExecuteReader();
        var values = new List<T>();
        while (rows.Read())
        {
            values.Add(read(rows));
        }

        return values;
    }
}
