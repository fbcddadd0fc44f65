namespace Orleans.Pipeline.Cli.Output;

/// <summary>Whoever read the output, such as <c>head</c>, has closed it: the command ends quietly.</summary>
internal sealed class OutputClosedException : Exception;
