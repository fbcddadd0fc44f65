namespace Orleans.Pipeline.Support;

/// <summary>A test of silo processes over a PostgreSQL server that it may stop and start.</summary>
public sealed class ClusterFactAttribute : FactAttribute
{
    public ClusterFactAttribute() => Skip = Impediment;

    /// <summary>Why there can be no such server; null if there can.</summary>
    public static string? Impediment =>
        PostgresInstallation.Find() is null ? "No PostgreSQL is installed here (Debian: postgresql)." : null;
}

/// <summary>A <see cref="ClusterFactAttribute"/> over data.</summary>
public sealed class ClusterTheoryAttribute : TheoryAttribute
{
    public ClusterTheoryAttribute() => Skip = ClusterFactAttribute.Impediment;
}
