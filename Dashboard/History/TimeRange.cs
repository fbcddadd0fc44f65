namespace Orleans.Pipeline.Dashboard.History;

/// <summary>The time that charts cover, and its resolution.</summary>
/// <param name="Id">The id in addresses.</param>
/// <param name="Label">The name for people.</param>
/// <param name="Length">The length.</param>
/// <param name="Step">The time of a point.</param>
public sealed record TimeRange(string Id, string Label, TimeSpan Length, TimeSpan Step)
{
    /// <summary>The last five minutes, second by second.</summary>
    public static TimeRange FiveMinutes { get; } = new("5m", "5 min", TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(1));

    /// <summary>The last quarter of an hour.</summary>
    public static TimeRange QuarterHour { get; } = new("15m", "15 min", TimeSpan.FromMinutes(15), TimeSpan.FromSeconds(10));

    /// <summary>The last hour.</summary>
    public static TimeRange Hour { get; } = new("1h", "1 hour", TimeSpan.FromHours(1), TimeSpan.FromSeconds(10));

    /// <summary>The ranges to choose from.</summary>
    public static IReadOnlyList<TimeRange> All { get; } = [FiveMinutes, QuarterHour, Hour];

    /// <summary>The number of points.</summary>
    public int Points => (int)(Length / Step);

    /// <summary>Finds a range.</summary>
    /// <param name="id">The id. Any other text stands for <see cref="FiveMinutes"/>.</param>
    public static TimeRange Find(string? id) => All.FirstOrDefault(range => range.Id == id) ?? FiveMinutes;
}
