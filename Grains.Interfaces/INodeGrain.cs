namespace Orleans.Pipeline.Grains;

/// <summary>
/// Reports on one silo while that silo lives. The key is the silo's address with its generation, <c>10.0.0.7:11111@137…</c>.
/// </summary>
[Alias("pipeline.node")]
internal interface INodeGrain : IGrainWithStringKey
{
    /// <summary>Reports the silo's state. A silo that does not answer within two seconds is silent.</summary>
    [Alias("report")]
    [ResponseTimeout("00:00:02")]
    Task<NodeReport> ReportAsync();
}
