namespace Orleans.Pipeline.Gateway.Problems;

/// <summary>Which record of a request is meant, in the words of its format.</summary>
/// <param name="Unit">What the format counts: <c>Line</c> or <c>Record</c>.</param>
/// <param name="Number">The number.</param>
internal readonly record struct RecordPosition(string Unit, long Number)
{
    public override string ToString() => $"{Unit} {Number}";
}
