namespace Orleans.Pipeline.Processing.Tests.Simulation;

/// <summary>What a simulated record does to the steps.</summary>
internal enum Fate
{
    /// <summary>It passes, after a number of transient errors.</summary>
    Passes,

    /// <summary>The first step refuses it for good.</summary>
    Malformed,

    /// <summary>It fails for good when what it yields has reached the sinks.</summary>
    FailsLate,

    /// <summary>It has no value.</summary>
    Missing,

    /// <summary>The database refuses a row of it.</summary>
    Refused,
}

/// <summary>A record of the simulated source.</summary>
/// <param name="Key">Its key, or null.</param>
/// <param name="Fate">What happens to it.</param>
/// <param name="Failures">In how many attempts it fails with a transient error first.</param>
/// <param name="Number">What it is about.</param>
/// <param name="Timestamp">Its time.</param>
/// <param name="HasHeader">Whether it has a header.</param>
internal sealed record SourceRecord(string? Key, Fate Fate, int Failures, int Number, long Timestamp, bool HasHeader)
{
    public string? Value => Fate == Fate.Missing ? null : $"{Fate} {Failures} {Number}";

    public string Headers => HasHeader ? $"trace={Number}" : "";
}
