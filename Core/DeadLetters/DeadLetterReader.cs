using System.Globalization;

namespace Orleans.Pipeline.DeadLetters;

/// <summary>Reads the dead letters of a pipeline from records, by their last headers, which the pipeline wrote.</summary>
internal static class DeadLetterReader
{
    /// <summary>The headers that follow the record's own in every dead letter, in their order.</summary>
    private static readonly string[] Names =
    [
        DeadLetterHeaders.ErrorType,
        DeadLetterHeaders.ErrorMessage,
        DeadLetterHeaders.Step,
        DeadLetterHeaders.Attempts,
        DeadLetterHeaders.Pipeline,
        DeadLetterHeaders.Stage,
        DeadLetterHeaders.Topic,
        DeadLetterHeaders.Partition,
        DeadLetterHeaders.Offset,
    ];

    /// <summary>Reads a dead letter without a copy. It is valid as long as the batch's memory.</summary>
    /// <returns>The dead letter; null if the record is not a dead letter of the pipeline.</returns>
    public static DeadLetter? Read(string pipeline, int partition, in Record record)
    {
        var headers = record.ReadHeaders();
        var count = headers.Count;
        if (!TryTake(headers, ref count, DeadLetterHeaders.Replays, absent: 0, out var replays))
        {
            return null;
        }

        var stack = count > 0 && headers[count - 1].Name == DeadLetterHeaders.ErrorStack ? headers[--count].AsText() : null;
        if (!TryTake(headers, ref count, DeadLetterHeaders.Timestamp, absent: record.Timestamp, out var timestamp)
            || !EndsInNames(headers, count))
        {
            return null;
        }

        var own = count - Names.Length;
        return Text(DeadLetterHeaders.Pipeline) == pipeline
            && TryNumber(Text(DeadLetterHeaders.Attempts), out var attempts) && IsCount(attempts)
            && IsCount(replays)
            && TopicName.TryParse(Text(DeadLetterHeaders.Topic), out var topic)
            && TryNumber(Text(DeadLetterHeaders.Partition), out var sourcePartition) && IsCount(sourcePartition)
            && TryNumber(Text(DeadLetterHeaders.Offset), out var sourceOffset)
            && IsTime(timestamp)
            ? new DeadLetter
            {
                Partition = partition,
                Offset = record.Offset,
                FailedAt = DateTimeOffset.FromUnixTimeMilliseconds(record.Timestamp),
                Timestamp = DateTimeOffset.FromUnixTimeMilliseconds(timestamp),
                Key = record.HasKey ? (ReadOnlyMemory<byte>?)record.Key : null,
                Value = record.HasValue ? (ReadOnlyMemory<byte>?)record.Value : null,
                Headers = [.. headers.Take(own)],
                ErrorType = Text(DeadLetterHeaders.ErrorType),
                ErrorMessage = Text(DeadLetterHeaders.ErrorMessage),
                ErrorStack = stack,
                Step = Text(DeadLetterHeaders.Step),
                Attempts = (int)attempts,
                Stage = Text(DeadLetterHeaders.Stage),
                Source = new(topic, (int)sourcePartition),
                SourceOffset = sourceOffset,
                Replays = (int)replays,
            }
            : null;

        string Text(string name) => headers[own + Array.IndexOf(Names, name)].AsText();
    }

    private static bool EndsInNames(IReadOnlyList<Header> headers, int count)
    {
        if (count < Names.Length)
        {
            return false;
        }

        for (var index = 0; index < Names.Length; index++)
        {
            if (headers[count - Names.Length + index].Name != Names[index])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Removes the last header if it has the given name. Returns false only if that header is not a number.</summary>
    private static bool TryTake(IReadOnlyList<Header> headers, ref int count, string name, long absent, out long number)
    {
        number = absent;
        return count == 0
            || headers[count - 1].Name != name
            || TryNumber(headers[--count].AsText(), out number, NumberStyles.AllowLeadingSign);
    }

    private static bool TryNumber(string text, out long number, NumberStyles styles = NumberStyles.None) =>
        long.TryParse(text, styles, CultureInfo.InvariantCulture, out number);

    /// <summary>Returns whether a number is an <see cref="int"/> that can still be incremented.</summary>
    private static bool IsCount(long number) => number is >= 0 and < int.MaxValue;

    private static bool IsTime(long timestamp) =>
        timestamp >= DateTimeOffset.MinValue.ToUnixTimeMilliseconds() && timestamp <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();
}
