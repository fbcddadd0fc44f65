using System.Globalization;
using Orleans.Pipeline.Client;

namespace Orleans.Pipeline.Bench.Measuring;

/// <summary>The load: records of one size, without keys, their first byte spread over 16 values.</summary>
/// <param name="Records">The number of records.</param>
/// <param name="RecordBytes">Bytes of each value.</param>
/// <param name="Partitions">Partitions of the topic.</param>
internal sealed record Workload(int Records, int RecordBytes, int Partitions)
{
    private readonly byte[] _random = Randomness(RecordBytes);

    /// <summary>The value of a record; it stays valid until the next call.</summary>
    public ReadOnlyMemory<byte> Value(int index)
    {
        _random[0] = (byte)(index & 15);
        return _random;
    }

    /// <summary>Builds batches of about a mebibyte that hold every record.</summary>
    public IReadOnlyList<RecordBatch> Batches(int batchBytes = 1 << 20)
    {
        var batches = new List<RecordBatch>();
        var builder = new RecordBatchBuilder(batchBytes + RecordBytes + 64);
        for (var index = 0; index < Records; index++)
        {
            builder.Append(default, Value(index).Span, timestamp: 1_000_000);
            if (builder.Bytes + RecordBytes + 16 > batchBytes)
            {
                batches.Add(builder.Build());
            }
        }

        if (builder.Count > 0)
        {
            batches.Add(builder.Build());
        }

        return batches;
    }

    /// <summary>Sends every record and waits until each is durable.</summary>
    public async Task PushAsync(Producer producer)
    {
        for (var index = 0; index < Records; index++)
        {
            await producer.EnqueueAsync(new ProducerRecord { Value = Value(index), Partition = index / 4096 % Partitions });
        }

        await producer.FlushAsync();
    }

    public string Format() => string.Create(CultureInfo.InvariantCulture, $"{Records} {RecordBytes} {Partitions}");

    /// <summary>Parses the words that <see cref="Format"/> wrote.</summary>
    public static Workload Parse(IReadOnlyList<string> words)
    {
        var numbers = words.Select(word => int.Parse(word, CultureInfo.InvariantCulture)).ToArray();
        return new Workload(numbers[0], numbers[1], numbers[2]);
    }

    private static byte[] Randomness(int bytes)
    {
        var random = new byte[bytes];
        new Random(1).NextBytes(random);
        return random;
    }
}
