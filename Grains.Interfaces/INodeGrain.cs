namespace Orleans.Pipeline.Grains;

/// <summary>
/// One silo, as long as it lives: tells how it is doing. The key is the silo's address with its generation, <c>10.0.0.7:11111@137…</c>.
/// </summary>
[Alias("pipeline.node")]
internal interface INodeGrain : IGrainWithStringKey
{
    /// <summary>Tells how the silo is doing. One that does not answer within two seconds is silent.</summary>
    [Alias("report")]
    [ResponseTimeout("00:00:02")]
    Task<NodeReport> ReportAsync();
}
