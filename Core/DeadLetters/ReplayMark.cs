using System.Globalization;

namespace Orleans.Pipeline.DeadLetters;

/// <summary>What a replayed record carries before its own headers: whom it is meant for, and how often it was replayed.</summary>
internal sealed record ReplayMark(string Pipeline, string Stage, int Replays)
{
    /// <summary>How many headers it takes.</summary>
    public const int Headers = 3;

    private static ReadOnlySpan<byte> FirstName => "dead-letter.replay.pipeline"u8;

    /// <summary>Reads the mark of a record that has headers; null if it was not replayed.</summary>
    public static ReplayMark? Read(in Record record)
    {
        if (!record.FirstHeaderName.SequenceEqual(FirstName))
        {
            return null;
        }

        var headers = record.ReadHeaders();
        return headers.Count >= Headers && headers[1].Name == DeadLetterHeaders.ReplayStage && headers[2].Name == DeadLetterHeaders.Replays
            && int.TryParse(headers[2].AsText(), NumberStyles.None, CultureInfo.InvariantCulture, out var replays) && replays < int.MaxValue
            ? new(headers[0].AsText(), headers[1].AsText(), replays)
            : null;
    }

    /// <summary>Whether the record is meant for a task.</summary>
    public bool IsFor(TaskId task) => Pipeline == task.Pipeline && Stage == task.Stage;

    /// <summary>The headers of the replayed record: the mark's, then its own.</summary>
    public IReadOnlyList<Header> Before(IReadOnlyList<Header> own) =>
    [
        Header.Text(DeadLetterHeaders.ReplayPipeline, Pipeline),
        Header.Text(DeadLetterHeaders.ReplayStage, Stage),
        Header.Text(DeadLetterHeaders.Replays, Replays.ToString(CultureInfo.InvariantCulture)),
        .. own,
    ];
}
