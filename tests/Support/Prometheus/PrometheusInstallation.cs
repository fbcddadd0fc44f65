namespace Orleans.Pipeline.Support;

/// <summary>The Prometheus of this machine: Debian's package <c>prometheus</c>, or any other on the PATH.</summary>
public static class PrometheusInstallation
{
    /// <summary>The server.</summary>
    public static string? Server { get; } = InstalledProgram.Find("prometheus");

    /// <summary>The tool that checks metrics and rules.</summary>
    public static string? Tool { get; } = InstalledProgram.Find("promtool");

    /// <summary>Why tests that need them cannot run here; null if they can.</summary>
    public static string? Unmet =>
        Server is null || Tool is null ? "prometheus and promtool (Debian's package prometheus) are not on the PATH" : null;
}

/// <summary>A test that needs Prometheus.</summary>
public sealed class PrometheusFactAttribute : FactAttribute
{
    public PrometheusFactAttribute() => Skip = PrometheusInstallation.Unmet;
}

/// <summary>A test over data that needs Prometheus.</summary>
public sealed class PrometheusTheoryAttribute : TheoryAttribute
{
    public PrometheusTheoryAttribute() => Skip = PrometheusInstallation.Unmet;
}
