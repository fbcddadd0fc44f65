namespace Orleans.Pipeline;

/// <summary>Selects the dead letters of a pipeline that match every property that is set; all of them if none is set.</summary>
public sealed record DeadLetterFilter
{
    /// <summary>Selects all dead letters.</summary>
    public static DeadLetterFilter All { get; } = new();

    /// <summary>Selects those whose error has this type, by its full name. Default null: any.</summary>
    public string? ErrorType { get; init; }

    /// <summary>Selects those that failed in this step. Default null: any.</summary>
    public string? Step { get; init; }

    /// <summary>Selects those that this stage gave up. Default null: any.</summary>
    public string? Stage { get; init; }

    /// <summary>Selects those in this partition of the dead-letter topic. Default null: any.</summary>
    public int? Partition { get; init; }

    /// <summary>Selects the one at this offset; needs <see cref="Partition"/>. Default null: any.</summary>
    public long? Offset { get; init; }

    /// <summary>Whether no property is set, so that the filter selects all.</summary>
    public bool IsAll => this == All;

    /// <summary>Returns whether a dead letter passes the filter.</summary>
    /// <param name="letter">The dead letter.</param>
    public bool Fits(DeadLetter letter) =>
        (ErrorType is null || ErrorType == letter.ErrorType)
            && (Step is null || Step == letter.Step)
            && (Stage is null || Stage == letter.Stage)
        && (Partition is null || Partition == letter.Partition) && (Offset is null || Offset == letter.Offset);

    /// <exception cref="ArgumentException">There is an offset without a partition.</exception>
    internal void Validate()
    {
        if (Offset is not null && Partition is null)
        {
            throw new ArgumentException($"The filter has offset {Offset} but no partition. Give the partition too.");
        }
    }
}
