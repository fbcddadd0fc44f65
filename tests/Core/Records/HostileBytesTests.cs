using FsCheck.Fluent;

namespace Orleans.Pipeline.Core.Tests.Records;

/// <summary>
/// Whatever the bytes, validation accepts them, and then every record can be read, or refuses them with the reason; and never
/// reads around them, takes more memory than they may unpack to, or throws anything else. Nor does a walk over refused bytes.
/// </summary>
public sealed class HostileBytesTests
{
    /// <summary>Exceptions with their messages, streams, the inflater: what a case may take whatever its size.</summary>
    private const int Overhead = 64 << 10;

    private static readonly RecordLimits Limits =
        new() { BatchBytes = 16 << 10, DecompressedBytes = 64 << 10, RecordBytes = 8 << 10, Headers = 20 };

    private readonly Dictionary<string, int> _outcomes = [];

    [Fact]
    public void Damaged_batches_are_accepted_whole_or_refused_with_the_reason()
    {
        const int Cases = 70_000;

        Property.Holds(Cases, HostileBatch.Any, HostileBatch.Shrink, batch => Judge(batch.ToBytes()));

        // The damage must get through to every depth, or the cases prove little.
        Assert.InRange(_outcomes["accepted"], Cases / 20, Cases);
        Assert.InRange(_outcomes["refused for a record"], Cases / 20, Cases);
        Assert.InRange(_outcomes["refused for its gzip data"], Cases / 50, Cases);
        Assert.InRange(_outcomes["refused"], Cases / 20, Cases);
    }

    [Fact]
    public void Random_records_behind_a_fitting_header_are_accepted_whole_or_refused_with_the_reason()
    {
        const int Cases = 20_000;
        var records = RecordGenerators.Randomness.Select(random =>
        {
            var bytes = new byte[random.Next(200)];
            var most = random.Next(1, 256); // small bytes are small numbers, which get further
            for (var position = 0; position < bytes.Length; position++)
            {
                bytes[position] = (byte)random.Next(most);
            }

            return bytes;
        });

        Property.Holds(Cases, records, Property.Without, bytes =>
        {
            var count = Math.Max(1, bytes.Length / 20);
            Judge(new HandMadeBatch { Count = count, LastOffsetDelta = count - 1, Attributes = (short)(bytes.Length & 1) }.With(bytes).ToBytes());
        });
    }

    [Fact]
    public void Random_bytes_are_refused_with_the_reason()
    {
        var anything = RecordGenerators.Randomness.Select(random =>
        {
            var bytes = new byte[random.Next(300)];
            random.NextBytes(bytes);
            return bytes;
        });

        Property.Holds(10_000, anything, Property.Without, Judge);

        Assert.Equal(["refused"], _outcomes.Keys);
    }

    private void Judge(byte[] bytes)
    {
        var (amongZeros, amongOnes) = (Outcome(bytes, poison: 0x00), Outcome(bytes, poison: 0xFF));

        Assert.Equal(amongZeros, amongOnes);
        var kind = amongZeros.StartsWith("accepted", StringComparison.Ordinal) ? "accepted"
            : amongZeros.Contains("refused: record ", StringComparison.Ordinal) ? "refused for a record"
            : amongZeros.Contains("gzip data", StringComparison.Ordinal) ? "refused for its gzip data"
            : "refused";
        _outcomes[kind] = _outcomes.GetValueOrDefault(kind) + 1;
    }

    private static string Outcome(byte[] bytes, byte poison)
    {
        var around = new byte[bytes.Length + 64];
        Array.Fill(around, poison);
        bytes.CopyTo(around, 32);
        var memory = around.AsMemory(32, bytes.Length);
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            RecordBatch.Validate(memory, Limits);
        }
        catch (InvalidRecordBatchException refusal)
        {
            Assert.True(refusal.Message.Length > "The record batch was refused: ".Length + 10);
            return refusal.Message + WalkAnyway(memory);
        }
        finally
        {
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(
                allocated <= Overhead + (2 * Limits.DecompressedBytes),
                $"{allocated} bytes were allocated for {bytes.Length} from outside.");
            Assert.True(around.AsSpan(0, 32).IndexOfAnyExcept(poison) < 0 && around.AsSpan(32 + bytes.Length).IndexOfAnyExcept(poison) < 0);
        }

        return $"accepted: {string.Join('\n', ReadAll(RecordBatch.Trust(memory)))}";
    }

    /// <summary>Walks bytes that should not have been trusted: the walk may end early, with the reason, but stays within them.</summary>
    private static string WalkAnyway(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length < RecordBatch.HeaderBytes || RecordBatch.Trust(bytes).Compression != Compression.None)
        {
            return "";
        }

        var walked = new List<string>();
        try
        {
            foreach (var record in RecordBatch.Trust(bytes))
            {
                walked.Add($"{record.Offset} {record.Timestamp} {Convert.ToHexString(record.KeySpan)} {Convert.ToHexString(record.ValueSpan)}");
                walked.AddRange(record.ReadHeaders().Select(header => $"{header.Name}={Convert.ToHexString(header.Value.GetValueOrDefault().Span)}"));
            }
        }
        catch (InvalidRecordBatchException damage)
        {
            walked.Add(damage.Message);
        }

        return string.Join('\n', walked);
    }

    /// <summary>Reads every record, within the batch's memory, and lets the builder make a valid batch of them again.</summary>
    private static List<RecordModel> ReadAll(RecordBatch batch)
    {
        var unpacked = batch.Decompress();
        foreach (var record in unpacked)
        {
            Assert.True(record.Key.IsEmpty || unpacked.Bytes.Span.Overlaps(record.KeySpan));
            Assert.True(record.Value.IsEmpty || unpacked.Bytes.Span.Overlaps(record.ValueSpan));
            Assert.InRange(record.Timestamp, DateTimeOffset.MinValue.ToUnixTimeMilliseconds(), batch.MaximumTimestamp);
        }

        var models = RecordModel.Read(batch);
        Assert.Equal(batch.Count, models.Count);
        Assert.Equal(models, RecordModel.Read(RecordBatch.Validate(RecordModel.Append(new RecordBatchBuilder(), models).Build().Bytes)));
        return models;
    }
}
