namespace Orleans.Pipeline.Cli.Producing;

/// <summary>A line is no record.</summary>
/// <param name="fault">What is wrong with it, without its number: <c>it is not one JSON value.</c></param>
internal sealed class BadLineException(string fault) : Exception(fault);
