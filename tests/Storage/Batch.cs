using System.Text;

namespace Orleans.Pipeline.Storage.Tests;

/// <summary>Makes and reads batches of text records.</summary>
internal static class Batch
{
    public static RecordBatch Of(params string[] values) => At(0, values);

    /// <summary>A batch whose records have a timestamp, in milliseconds since 1970-01-01T00:00:00Z.</summary>
    public static RecordBatch At(long timestamp, params string[] values) => Fill(timestamp, values).Build();

    /// <summary>A batch of an idempotent producer.</summary>
    public static RecordBatch From(long producer, short epoch, int sequence, params string[] values) =>
        From(producer, epoch, sequence, timestamp: 0, values);

    /// <summary>A batch of an idempotent producer whose records have a timestamp.</summary>
    public static RecordBatch From(long producer, short epoch, int sequence, long timestamp, params string[] values) =>
        Fill(timestamp, values).Build(producer, epoch, sequence);

    /// <summary>A batch of one record of a size.</summary>
    public static RecordBatch OfBytes(int bytes, long timestamp = 0)
    {
        var builder = new RecordBatchBuilder(bytes + 256);
        var value = new byte[bytes];
        new Random(bytes).NextBytes(value);
        builder.Append(default, value, timestamp);
        return builder.Build();
    }

    public static List<string> Values(RecordBatch batch)
    {
        var values = new List<string>();
        foreach (var record in RecordBatch.Validate(batch.Bytes))
        {
            values.Add(Encoding.UTF8.GetString(record.ValueSpan));
        }

        return values;
    }

    private static RecordBatchBuilder Fill(long timestamp, string[] values)
    {
        var builder = new RecordBatchBuilder();
        foreach (var value in values)
        {
            builder.Append(default, Encoding.UTF8.GetBytes(value), timestamp);
        }

        return builder;
    }
}
