namespace Orleans.Pipeline.Gateway.Problems;

/// <summary>The position of a record in a request, in the words of the request's format.</summary>
/// <param name="Unit">What the format counts: <c>Line</c> or <c>Record</c>.</param>
/// <param name="Number">The number.</param>
internal readonly record struct RecordPosition(string Unit, long Number)
{
    public override string ToString() => $"{Unit} {Number}";
}
