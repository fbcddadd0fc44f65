using System.Globalization;

namespace Orleans.Pipeline.DeadLetters;

/// <summary>The first headers of a replayed record: the pipeline and stage for which it is replayed, and its number of replays.</summary>
internal sealed record ReplayMark(string Pipeline, string Stage, int Replays)
{
    public const int Headers = 3;

    private static ReadOnlySpan<byte> FirstName => "dead-letter.replay.pipeline"u8;

    /// <summary>Reads the mark of a record that has headers. Returns null if the record was not replayed.</summary>
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

    public bool IsFor(TaskId task) => Pipeline == task.Pipeline && Stage == task.Stage;

    /// <summary>Returns the mark's headers, then the record's own.</summary>
    public IReadOnlyList<Header> Before(IReadOnlyList<Header> own) =>
    [
        Header.Text(DeadLetterHeaders.ReplayPipeline, Pipeline),
        Header.Text(DeadLetterHeaders.ReplayStage, Stage),
        Header.Text(DeadLetterHeaders.Replays, Replays.ToString(CultureInfo.InvariantCulture)),
        .. own,
    ];
}
