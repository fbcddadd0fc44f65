namespace Orleans.Pipeline.Testing;

/// <summary>What <see cref="PipelineTest.Crashing"/> has done.</summary>
/// <param name="Calls">The number of calls of tasks in the undisturbed run.</param>
/// <param name="Runs">The number of crashed runs.</param>
public sealed record CrashReport(int Calls, int Runs);
