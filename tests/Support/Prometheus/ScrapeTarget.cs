namespace Orleans.Pipeline.Support;

/// <summary>What Prometheus scrapes.</summary>
/// <param name="Job">The value of the label <c>job</c>.</param>
/// <param name="Metrics">The address of its metrics: <c>http://127.0.0.1:5080/metrics</c>.</param>
public sealed record ScrapeTarget(string Job, Uri Metrics);
